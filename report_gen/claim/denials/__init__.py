"""What a denial means, what answers it, and until when."""
