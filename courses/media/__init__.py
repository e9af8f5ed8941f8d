"""Films of courses: lighter copies of them, and what a player may offer before anything is fetched."""
