"""Learning without a network: what was done is handed in later, once; courses and textbooks to take along."""
