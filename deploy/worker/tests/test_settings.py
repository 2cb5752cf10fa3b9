import pytest

from tasker_worker.settings import SettingError, Settings


def test_settings_are_read_in_either_case_and_quoted_into_the_broker_address():
    settings = Settings.load({"rabbitmq_host": "broker", "RABBITMQ_PASSWORD": "a/b:c", "rabbitmq_vhost": "tasker"})
    assert settings.broker_url == "amqp://guest:a%2Fb%3Ac@broker:5672/tasker"
    assert settings.broker_ssl is False


def test_tls_has_its_own_port_and_always_verifies():
    settings = Settings.load({"RABBITMQ_HOST": "broker", "RABBITMQ_TLS": "true", "RABBITMQ_CA_FILE": "/ca.pem"})
    assert settings.broker_url.endswith("@broker:5671/%2F")
    assert settings.broker_ssl == {"ca_certs": "/ca.pem", "cert_reqs": 2, "server_hostname": "broker"}


@pytest.mark.parametrize("name, value", [
    ("RABBITMQ_PORT", "amqp"), ("WORKER_CONCURRENCY", "0"), ("RABBITMQ_TLS", "yes"), ("LOGGER_LEVEL", "loud"),
])
def test_a_bad_setting_is_named(name, value):
    with pytest.raises(SettingError, match=name):
        Settings.load({name: value})
