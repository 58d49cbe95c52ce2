"""How each service says that a page token is not one of its own. Refuses to cut pages: `pages` does."""

BAD_TOKEN = {
    "ecs": "InvalidParameterException",
    "ecr": "InvalidParameterException",
    "ecr-public": "InvalidParameterException",
    "eks": "InvalidParameterException",
    "lambda": "InvalidParameterValueException",
    "elbv2": "ValidationError",
    "batch": "ClientException",
    "guardduty": "BadRequestException",
    "inspector2": "ValidationException",
    "apprunner": "InvalidRequestException",
    "organizations": "InvalidInputException",
    "account": "ValidationException",
    "securityhub": "InvalidInputException",
}
