"""What does a customer want that no rule is asked for? What is meant so, and what only looks alike."""

import pytest

from hubcrew.intent import courtesy_of, intent_of


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Quero falar com um atendente", "person"),
        ("me passa pra um humano pfv", "person"),
        ("ATENDENTE", "person"),
        ("não quero falar com robô", "person"),
        ("I want to talk to a person", "person"),
        ("quero hablar con una persona", "person"),
        ("minha filha está passando mal depois de comer", "danger"),
        ("tive uma reação alérgica ao creme", "danger"),
        ("Isso é um absurdo!! vou no Procon", "angry"),
        ("que péssimo atendimento", "angry"),
        ("me cobraram duas vezes", "complaint"),
        ("SAIR", "stop"),
        ("Pare.", "stop"),
        ("pode sair na foto?", ""),
        ("quantas pessoas cabem na mesa?", ""),
        ("tem produto para pessoas alérgicas?", ""),
        ("vocês atendem emergência?", ""),
        ("vende saco de lixo?", ""),
        ("tenho vergonha do meu sorriso, fazem clareamento?", ""),
        ("quais as formas de pagamento?", ""),
        ("", ""),
    ],
)
def test_what_is_wanted(text: str, intent: str):
    assert intent_of(text) == intent


@pytest.mark.parametrize(
    ("text", "courtesy"),
    [
        ("Oi, bom dia!", "greeting"),
        ("hola", "greeting"),
        ("Muito obrigada! 😊", "thanks"),
        ("obg", "thanks"),
        ("tchau, até mais", "goodbye"),
        ("🌻", ""),
    ],
)
def test_a_courtesy_is_known(text: str, courtesy: str):
    assert courtesy_of(text) == courtesy
