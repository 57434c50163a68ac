def queue_account_mail(template_prefix, *, email, context):
    """placeholder"""
