"""What a practice has set, confirmed and licensed."""
