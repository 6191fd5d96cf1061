"""Page one: who and what, the result, the impression, the results by response, what limits them."""
