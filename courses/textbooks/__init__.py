"""Digital textbooks (数字教材): courses marked so, packed in the background as signed files for a school's network."""
