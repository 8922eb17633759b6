"""What the benchmark runs: the servers that are compared, and the sender."""
