"""How did the tables come to their present form? One numbered step per file in versions/."""
