"""The public doorstep for opens, clicks and unsubscribes; runs on any host. Imports plan only."""
