"""Settings, log files and the language: what an operator may change."""
