"""The language model, at arm's length: what is asked, how long it may take, what came back."""
