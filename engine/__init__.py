"""Cases: running SOPs, and all we remember of them."""
