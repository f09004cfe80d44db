"""How a language writes dates and figures, where Django does not know it: found by `FORMAT_MODULE_PATH`."""
