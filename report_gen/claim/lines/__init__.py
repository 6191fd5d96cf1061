"""The lines of a claim: the studies that the record supports, and what is proposed for them."""
