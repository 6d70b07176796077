"""Push: a verified release is sent to its destinations, whole or not at all as readers see it."""
