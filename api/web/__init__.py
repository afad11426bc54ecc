"""The web page: NiceGUI pages on the API's own application. They show; they hold no logic."""
