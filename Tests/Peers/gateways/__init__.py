"""SMS gateways as their documents describe them, for tests; sms_gateways.py starts them."""
