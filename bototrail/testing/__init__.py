"""For tests: the pytest plug-in."""
