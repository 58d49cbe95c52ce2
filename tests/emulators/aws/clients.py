"""boto3's clients for an emulator: the management account's, and each member's through its role.
Refuses to try twice: a test counts calls."""

import json
import urllib.request

import boto3
from botocore.config import Config


class Organisation:
    """The organisation of an emulator, as its estate tells it."""

    def __init__(self, endpoint, connections=10):
        self.endpoint, self.connections = endpoint, connections
        with urllib.request.urlopen(endpoint + "/_estate") as answer:
            self.told = json.load(answer)
        self.regions = self.told["regions"]
        self.accounts = [account["id"] for account in self.told["accounts"]]
        self.known = {}

    def account(self, identity=None):
        """An account by id, the management account without one."""
        identity = identity or self.told["management"]
        if identity not in self.known:
            self.known[identity] = Account(self, self.credentials(identity))
        return self.known[identity]

    def credentials(self, identity):
        own = {"aws_access_key_id": self.told["access_key"], "aws_secret_access_key": self.told["secret_key"]}
        if identity == self.told["management"]:
            return own
        sts = Account(self, own).client("sts", self.regions[0])
        role = f"arn:aws:iam::{identity}:role/{self.told['role']}"
        given = sts.assume_role(RoleArn=role, RoleSessionName="plimsoll", ExternalId=self.told["external_id"])["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }


class Account:
    """The clients of one account."""

    def __init__(self, organisation, credentials):
        self.organisation, self.session = organisation, boto3.Session(**credentials)
        self.known = {}

    def client(self, service, region, seconds=60):
        key = (service, region, seconds)
        if key not in self.known:
            self.known[key] = self.session.client(
                service, region_name=region, endpoint_url=self.organisation.endpoint,
                config=Config(
                    retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=seconds,
                    max_pool_connections=self.organisation.connections,
                ),
            )
        return self.known[key]
