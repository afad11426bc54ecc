"""What a campaign caused: holdouts, differences in differences, synthetic control; and design."""
