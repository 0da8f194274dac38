"""An evaluation of matches: how often two people will feel the same about a film."""
