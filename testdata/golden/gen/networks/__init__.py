"""One module per family of drawn networks, each testing one kind of mistake."""
