"""How alike two people's tastes are: the share of films about which they feel the same."""
