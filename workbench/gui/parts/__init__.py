"""Small widgets that pages are built from. They know the theme and the bridge, and nothing of any noun."""
