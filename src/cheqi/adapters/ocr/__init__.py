"""Text recognition with the models that rapidocr carries in its wheel; nothing leaves the machine."""
