"""How often and how long an endpoint is asked: deadline, hedges, retries, circuit breaker."""
