"""What people are told: the inbox, mail at once or daily, and short messages by drivers."""
