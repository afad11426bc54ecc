"""Bundle + question -> forecast, with its drivers, comparable posts and data grade."""
