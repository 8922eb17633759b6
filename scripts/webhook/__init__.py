"""What the seed called the webhook's own commands."""
