"""How the tables came to be: one intention to a file, the deed in its name."""
