"""The catalogue of translations and the two programs that look after it: collect and compile."""
