"""Every daily act, one short file each; README.md lists them."""
