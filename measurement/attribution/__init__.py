"""Who brought an order: several methods side by side, then reconciled."""
