"""The door for people: the only Qt. Reaches the world through `bridge.ask` alone; imports engine and plan."""
