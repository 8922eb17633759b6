"""What does a customer want that no rule is asked for? A person, help at once, silence; or mere courtesy. Pure."""

import re

from hubcrew.words import tokens

# By patterns without accents and signs; the first that is found counts.
_PATTERNS = {
    # Health and danger first: whatever else is said, a person must see it.
    "danger": r"""
        (?:passando|passou|passei) mal|reacao alergica|choque anafilatico|falta de ar|sangrando|sangramento
        |sangra muito|intoxica(?:cao|do|da)|envenenad[oa]|desmai(?:ou|ei|ada|ado)|convuls(?:ao|oes|ionando)
        |pronto socorro|samu|ambulancia|(?:pegou|pegando) fogo|explodiu|(?:levei|tomei|levou|tomou) (?:um )?choque
        |vazamento de gas|cheiro de gas|me machuquei|se machucou|suicid[a-z]+|me matar|quero morrer|engoliu
        |allergic reaction|bleeding
    """,
    "person": r"""
        (?:falar|conversar|tratar|resolver) (?:com |c )(?:um |uma |o |a |algum |alguma )?(?:atendente|pessoa|humano
        |gente|alguem|vendedor[a-z]*|gerente|responsavel|dono|dona|funcionari[oa]|ser humano|consultor[a-z]*|equipe)
        |(?:quero|preciso de|preciso|me passa|passa|chama|chame|cade|tem|transfere|transferir|prefiro)\s
        (?:para )?(?:um |uma |o |a |algum )?(?:atendente|humano|pessoa de verdade|ser humano)
        |atendimento humano|atendente humano|pessoa real|nao quero (?:falar com )?(?:um )?(?:robo|bot|maquina)
        |(?:talk|speak) (?:to|with) (?:a |an )?(?:person|human|agent|someone)
        |hablar con (?:una |un )?(?:persona|humano|alguien|agente)
    """,
    "angry": r"""
        (?:um|que|isso e um) absurdo|palhacada|(?:que|uma) vergonha|vergonhoso|pessim[oa]|horroros[oa]|merda|bosta
        |caralho|porra|puta|fdp|vtnc|vsf|idiotas?|incompeten(?:te|tes|cia)|descaso|falta de respeito|desrespeito
        |fui (?:enganad|roubad)[oa]|golpistas?|(?:e|um) golpe|ladr(?:ao|oes)|procon|reclame aqui|reclameaqui
        |processar (?:voces|a loja|a empresa)|meu advogado|danos morais|juizado|nunca mais compro|indignad[oa]
        |decepcionad[oa]|revoltad[oa]|furios[oa]|terrible service|scam|estafa
    """,
    "complaint": r"""
        cobr(?:aram|ou)(?: [a-z]+){0,2} (?:duas vezes|a mais|errado|em dobro)|ninguem (?:me )?(?:responde|respondeu)
        |vou (?:reclamar|denunciar)|fazer uma reclamacao|overcharged
    """,
}
_COMPILED = {
    name: re.compile(rf"\b(?:{''.join(line.strip() for line in lines.splitlines())})\b")
    for name, lines in _PATTERNS.items()
}
# Whole messages.
_WHOLE = {
    **dict.fromkeys(("sair", "pare", "parar", "stop", "descadastrar", "baja", "unsubscribe"), "stop"),
    **dict.fromkeys(("atendente", "humano", "pessoa", "atendimento", "agent", "human"), "person"),
}

_COURTESIES = {
    "thanks": "obrigado obrigada brigado brigada valeu grato grata agradeco agradecido agradecida thanks thank gracias",
    "goodbye": "tchau adeus bye falou abraco abracos bj beijo beijos",
    "greeting": "oi oie ola hey hi hello opa alo bom boa dia tarde noite eai salve hola buenas buenos",
}


def intent_of(text: str) -> str:
    """danger, person, angry, complaint or stop; "" where it is for the rules to answer."""
    said = " ".join(tokens(text))
    found = (name for name, pattern in _COMPILED.items() if pattern.search(said))
    return _WHOLE.get(said) or next(found, "")


def courtesy_of(text: str) -> str:
    """What a message without a subject does: thanks, goodbye or greeting; "" for none of them."""
    said = set(tokens(text))
    return next((name for name, words in _COURTESIES.items() if said & set(words.split())), "")
