"""Which words mean the same to a customer and to a shop? Brazilian Portuguese as it is typed, Spanish and English.

All without accents. A group's words stand in their stems' place: "entrega" covers "entregam" and "entregue".
"""

# What people type on WhatsApp, and what it stands for.
ABBREVIATIONS = dict(
    pair.split("=")
    for pair in """
    vc=voce vcs=voces oce=voce q=que qq=qualquer oq=que pq=porque eh=e n=nao nn=nao
    naum=nao ñ=nao ss=sim tb=tambem tbm=tambem tmb=tambem td=tudo tds=todos tdo=tudo mto=muito mt=muito mta=muita
    mtas=muitas mtos=muitos qto=quanto qnto=quanto qt=quanto qtos=quantos qntos=quantos qta=quanta qtas=quantas
    qntas=quantas qdo=quando qnd=quando qndo=quando hj=hoje amnh=amanha amnha=amanha dps=depois dpois=depois
    agr=agora msm=mesmo cmg=comigo ctg=contigo pra=para pro=para pras=para pros=para p=para
    pf=por_favor pfv=por_favor pfvr=por_favor plz=por_favor obg=obrigado obgd=obrigado obgda=obrigado vlw=valeu
    blz=beleza flw=falou bj=beijo bjs=beijos abs=abracos kd=cade add=adicionar msg=mensagem
    msgs=mensagens fds=fim_de_semana fsemana=fim_de_semana sab=sabado dom=domingo seg=segunda qua=quarta
    qui=quinta sex=sexta hr=hora hrs=horas h=horas min=minutos minuto=minutos pgto=pagamento pagto=pagamento
    cc=cartao end=endereco ender=endereco tel=telefone cel=celular zap=whatsapp wpp=whatsapp whats=whatsapp
    insta=instagram face=facebook loc=localizacao info=informacao infos=informacoes promo=promocao orc=orcamento
    qtd=quantidade und=unidade kg=quilo grana=dinheiro facul=faculdade refri=refrigerante bb=bebe
    aniver=aniversario niver=aniversario ap=apartamento apto=apartamento entrg=entrega
    nf=nota_fiscal nfe=nota_fiscal rj=rio_de_janeiro sp=sao_paulo
    """.split()
)

# Words that say nothing of a question's subject: they are not asked for.
STOPWORDS = frozenset(
    """
    tchau adeus bye falou abraco abracos bj beijo beijos boas
    a o as os um uma uns umas de do da dos das em no na nos nas por pelo pela pelos pelas para com sem sob sobre
    ate e ou mas que se como quando onde quem qual quais quanto quanta quantos quantas cujo eu tu ele ela vos eles
    elas voce voces me te lhe lhes meu minha meus minhas seu sua seus suas nosso nossa nossos nossas dele dela
    deles delas este esta isto esse essa isso esses essas estes estas aquele aquela aquilo aqueles aquelas nele
    nela neste nesta nesse nessa num numa deste desta desse dessa disso disto nisso ser sou sao era eram foi fui
    foram seja for sera serao seria estar estou estao estava tava ta to tao tou tem tenho tinha tinham ter temos
    tendo teria tera haver ha houve fazer faz fazem faco fazendo feito feita fiz fez fizer farao faria posso pode
    podem poder poderia podia puder quero queria queremos quer querem gostaria preciso precisa precisam precisar
    precisava vou vai vao vamos ir indo ja nao sim muito muita muitos muitas mais menos bem mal aqui ali la ai dai
    tambem so ainda agora oi ola opa bom boa dia tarde noite obrigado obrigada favor por_favor ne gente saber sabe
    sei algum alguma alguns algumas nenhum nenhuma tudo todo toda todos todas coisa coisas diga dizer informar ao
    aos dar dao deu entao pois porque porem assim tipo mesmo mesma cada outro outra outros outras qualquer alguem
    ninguem nada algo tal tanto tanta agente cara moca moco amigo amiga querida querido senhor senhora beleza
    valeu certo certinho ok okay poxa uai oxe bah tche guria guri mano rapaz rei kk kkk kkkk kkkkk rs rsrs haha
    hein hem aff saiba saibam nem terei rola rolar favorzinho please thanks thank hello hi hey the is are you does
    what how i my your it can and or of in on at an we us be have has there this that el los las un una y en con
    mi su es son hay tienen tiene puedo puede hola gracias buenos buenas dias tardes noches ustedes usted quiero
    """.split()
)

# Words of which any story is full: they may be in no rule, and the question is answered all the same.
COMMON = frozenset(
    """
    comprar compra comprei compro comprou compramos comprando comprasse pedir pedi pede pedindo pedido chegar
    chego ver vejo vi viu olhar olha achar acho acha achei gostar gosto gostei gostou mandar manda mande passar
    passa passo passei pegar pego pega ficar fica ficam fiquei ficou ficasse levar levo leva deixar deixo deixa
    deixei vir vem vier veio sair saio sai saiu entrar entro entra falar fala falo falei falou falaram dito disse
    disseram perguntar pergunto pergunta duvida ajudar ajuda ajude explicar explica mostrar mostra contar conta
    tentar tento tentei conseguir consigo consegue conseguem usar uso usa usei usando usada usado funcionar
    funciona servir serve trabalhar trabalho trabalha trabalham morar moro mora estudar viajar viagem casa rua
    bairro cidade loja lojas empresa firma site aplicativo app internet pessoa pessoas homem mulher filho filha
    filhos pai mae avo vo irmao irma marido esposa esposo namorado namorada noivo noiva crianca criancas bebe amor
    familia colega chefe patrao vizinho vizinha sogra tio tia primo prima cliente clientes vez vezes jeito forma
    modo parte tempo momento hora horas minutos minuto segundo dia dias semana semanas mes meses ano anos hoje
    ontem amanha cedo manha tarde noite madrugada sempre nunca logo depois antes durante enquanto mal caso exemplo
    problema motivo tipo tipos questao informacao informacoes detalhe detalhes pronto pronta novo nova velho velha
    grande pequeno pequena maior menor melhor pior bonito bonita lindo linda legal bacana top facil dificil rapido
    rapida certo errado junto juntos sozinho sozinha inteiro inteira metade dois duas tres quatro cinco seis sete
    oito nove dez primeiro primeira ultimo ultima proximo proxima perto longe dentro fora cima baixo lado frente
    atras ca lugar local existe existir acontecer acontece aconteceu tiver tivesse estiver possivel impossivel
    necessario urgente importante so apenas quase talvez realmente principalmente geralmente normalmente
    atualmente afinal alias enfim aceitar aceita aceitam aceito atender atende atendem atendimento sessao faltar
    falta faltou mudar aproveitar aproveito aproveitando pensar pensando pensei lembrar lembro esqueci esquecer
    comigo contigo chama chamo nome sou interessado interessada interesse opcao opcoes queremos pretendo pretendia
    want need know get buy bought like would could should much many please help just some any also really today
    tomorrow quiero necesito saber puedo podria tambien muy mucho algo hoy manana
    """.split()
)

# A group's words are found by each other. Several words in a row are joined by "_". "#" stands for a number.
GROUPS = {
    "price": """
        preco valor custar custo custa cobrar cobram cobranca taxa tarifa tabela orcamento quanto_sai quanto_fica
        quanto_ficaria quanto_ta quanto_e quanto_esta quanto_vale quanto_seria quanto_da quanto_que quanto_os
        quanto_a quanto_o quanto_as quanto_um quanto_uma por_quanto quanto_para quanto_paga quanto_pago reais pila
        price cost fee fees how_much cuesta cuestan precio cuanto
    """,
    "delivery": """
        entregar entrega entregador frete enviar envio envia mandar manda mandam mandar_para chegar chega chegou
        receber recebo levar_ate levam leva_ate despachar postar correio correios sedex transportadora motoboy
        delivery shipping ship deliver envio_a_domicilio taxa_de_entrega para_viagem em_domicilio
    """,
    "freight": """
        frete taxa_de_entrega valor_da_entrega preco_da_entrega custo_de_envio envio quanto_para_entregar
        quanto_para_mandar quanto_para_levar shipping
    """,
    "pickup": "retirar retirada buscar busco pegar_na_loja pegar_ai passar_ai ir_buscar recoger pick_up pickup",
    "payment": """
        pagar pagamento pix cartao boleto dinheiro especie credito debito cheque carne transferencia ted fiado
        pagando vale_refeicao vale_alimentacao mastercard visa elo hipercard amex picpay mercado_pago maquininha
        pay payment card cash pago pagos tarjeta efectivo
    """,
    "installments": """
        parcelar parcela parcelas parcelado parcelamento dividir divide dividido quantas_vezes #_vezes quantas_x
        #_x #x vezes_sem_juros juros sem_juros prestacao prestacoes installments cuotas crediario carne
    """,
    "hours": """
        horario horarios abrir abre abrem aberto aberta abertos fechar fecha fecham fechado funcionar funciona
        funcionam funcionamento horario_de_atendimento expediente que_horas ate_que_horas que_hora feriado domingo
        sabado segunda_a_sexta open opening close closed hours abierto abren cierran
    """,
    "place": """
        endereco localizacao localizada localizado onde_fica onde_ficam que_bairro qual_bairro ficam_em fica_em
        ficam_onde fica_onde onde_e onde_esta onde_voces onde_e_a_loja aonde como_chegar chegar_ai rua avenida av
        bairro_da_loja loja_fisica unidade filial mapa cep ponto_de_referencia address location located where
        direccion ubicacion donde
    """,
    "exchange": """
        trocar troca trocas devolver devolucao devolvo devolvem nao_serviu nao_servir nao_gostar nao_gostei
        ficou_grande ficou_pequeno ficou_apertado ficou_largo tamanho_errado arrepender arrependi arrependimento
        exchange return returns cambio cambiar devolucion
    """,
    "refund": """
        reembolso reembolsar estorno estornar dinheiro_de_volta devolver_o_dinheiro devolvem_o_dinheiro
        receber_de_volta tudo_de_volta refund
    """,
    "defect": """
        defeito defeituoso quebrar quebrado quebrada quebrou estragar estragado estragada estragou danificado
        danificada danificadas avaria avariado veio_errado veio_faltando faltando_peca nao_funciona nao_liga
        rasgado rasgou rachado trincado murcha murchou murcharem amassado lascou lascado broken damaged defect
        roto
    """,
    "warranty": "garantia garantido warranty guarantee",
    "repair": """
        consertar conserto consertam arrumar arrumam arruma reparar reparo manutencao assistencia_tecnica
        assistencia repair fix reparacion arreglar
    """,
    "booking": """
        agendar agendamento agenda agendado marcar marco marcam marcado marcacao reservar reserva reservo encaixe
        encaixar encaixam hora_marcada horario_disponivel horario_livre book booking appointment reservation
        guardar guardam separar separam segurar cita turno
    """,
    "cancel": """
        cancelar cancelamento cancelo cancelado desmarcar desmarco desistir desistencia desisti encerrar sair_da
        sair_do encerramento trancar trancamento rescindir cancel cancelacion
    """,
    "rebook": "remarcar remarco remarcacao reagendar reagendamento adiar mudar_a_data trocar_a_data mudar_o_horario",
    "promotion": """
        promocao promocional promocoes desconto descontos descontinho oferta ofertas cupom cupons liquidacao
        barato barata baratinho abatimento em_conta black_friday campanha saldao queima_de_estoque discount sale
        deal descuento rebaja
    """,
    "duration": """
        prazo prazos demorar demora demoram quanto_tempo por_quanto_tempo em_quanto_tempo quantos_dias
        quantas_horas quanto_dias leva_quanto quando_chega quando_fica quando_entrega em_quanto dias_uteis
        dia_util #_dias #_dia #_horas #_hora #_minutos #_semanas duracao dura how_long cuanto_tiempo plazo
    """,
    "free": "gratis gratuito gratuita gratuitamente de_graca sem_custo sem_taxa isento isencao cortesia nao_paga free",
    "contact": """
        telefone whatsapp email e_mail site instagram facebook contato rede_social redes_sociais
        numero_de_telefone ligar_para phone contact telefono correo
    """,
    "invoice": "nota_fiscal nota recibo cupom_fiscal cnpj fatura invoice factura",
    "gift": "presente presentear presenteada lembrancinha gift regalo",
    "wrapping": "embrulho embrulhar embalagem embalar papel_de_presente para_presente gift_wrap wrapping",
    "minimum": """
        minimo minima a_partir_de a_partir_do a_partir_da acima_de pedido_minimo valor_minimo quantidade_minima
        minimum
    """,
    "stock": "estoque disponivel disponibilidade pronta_entrega esgotado stock",
    "size": "tamanho tamanhos medida medidas numeracao numero_maior numero_menor dimensao dimensoes size talla",
    "color": "cor cores colorido color",
    "wholesale": "atacado revenda revender revendedor em_quantidade wholesale",
    "insurance": "convenio convenios plano planos carteirinha operadora",
    "history": """
        quem_sao quem_somos historia fundada fundado fundacao desde_quando existe_desde existe_ha ha_quanto_tempo
        ha_quantos_anos quantos_anos_a quantos_anos_de dono dona donos proprietario fundador desde_# quem_e_o_dono
        no_mercado sobre_nos owner about
    """,
    "trial": "experimental experimentar testar teste provar provador degustacao amostra conhecer_antes trial try",
    "late": "atraso atrasar atrasado atrasada tolerancia late",
    "child": "crianca criancas infantil bebe kids filho filha menino menina menor_de_idade",
    "pet": "cachorro cao caes gato gatos pet pets dog cat animal animais bicho perro",
    "job": "emprego contratando contratam curriculo trabalhe_conosco vaga_de_emprego job",
    "parking": "estacionamento estacionar parar_o_carro vaga_para_carro deixar_o_carro parking",
    "customize": "personalizar personalizado personalizada sob_medida encomenda encomendar custom",
    "loyalty": "fidelidade cashback programa_de_pontos programa_de_fidelidade clube",
    "cleaning": "limpeza limpar lavar higienizar higienizacao lavagem clean",
    "assembly": "montagem montar montam instalar instalacao instalam assembly",
    "photo": "foto fotos imagem catalogo cardapio photos menu",
    "rent": "alugar aluguel alugam locacao diaria rent alquiler",
    "weekend": "fim_de_semana sabado domingo weekend",
    "ready": "pronto pronta fica_pronto ficar_pronto ready",
}
