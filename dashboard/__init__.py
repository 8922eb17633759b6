"""Looking in: what came in, what became of it, and sending it through again."""
