"""Which words say little or nothing, and what do people shorten? Brazilian Portuguese as it is typed; no accents."""

# What people type on WhatsApp, and what it stands for.
ABBREVIATIONS = dict(
    pair.split("=")
    for pair in """
    vc=voce vcs=voces oce=voce q=que qq=qualquer oq=que pq=porque eh=e n=nao nn=nao
    naum=nao ñ=nao ss=sim tb=tambem tbm=tambem tmb=tambem td=tudo tds=todos tdo=tudo mto=muito mt=muito mta=muita
    mtas=muitas mtos=muitos qto=quanto qnto=quanto qt=quanto qtos=quantos qts=quantos qntos=quantos qta=quanta
    qtas=quantas
    qntas=quantas qdo=quando qnd=quando qndo=quando hj=hoje amnh=amanha amnha=amanha dps=depois dpois=depois
    agr=agora msm=mesmo cmg=comigo ctg=contigo pra=para pro=para pras=para pros=para p=para
    pf=por_favor pfv=por_favor pfvr=por_favor plz=por_favor obg=obrigado obgd=obrigado obgda=obrigado vlw=valeu
    blz=beleza flw=falou bj=beijo bjs=beijos abs=abracos kd=cade add=adicionar msg=mensagem
    msgs=mensagens fds=fim_de_semana fsemana=fim_de_semana sab=sabado dom=domingo seg=segunda qua=quarta
    qui=quinta sex=sexta hr=hora hrs=horas h=horas min=minutos minuto=minutos pgto=pagamento pagto=pagamento
    cc=cartao end=endereco ender=endereco tel=telefone cel=celular zap=whatsapp wpp=whatsapp whats=whatsapp
    insta=instagram loc=localizacao info=informacao infos=informacoes promo=promocao orc=orcamento
    qtd=quantidade und=unidade kg=quilo grana=dinheiro facul=faculdade refri=refrigerante bb=bebe
    aniver=aniversario niver=aniversario ap=apartamento apto=apartamento entrg=entrega
    nf=nota_fiscal nfe=nota_fiscal rj=rio_de_janeiro sp=sao_paulo tam=tamanho nro=numero
    fisio=fisioterapia promos=promocoes vet=veterinario qro=quero qria=queria
    kilo=quilo kilos=quilos note=notebook tv=televisao pc=computador atend=atendimento
    """.split()
)

# Words that say nothing of a question's subject: they are not asked for.
STOPWORDS = frozenset(
    """
    tchau adeus bye falou abraco abracos bj beijo beijos boas a o as os um uma uns umas de do da dos das em no na
    nos nas por pelo pela pelos pelas para com sem sob sobre ate e ou mas que se como quando onde quem qual quais
    quanto quanta quantos quantas cujo eu tu ele ela vos eles elas voce voces me te lhe lhes meu minha meus minhas
    seu sua seus suas nosso nossa nossos nossas dele dela deles delas este esta isto esse essa isso esses essas
    estes estas aquele aquela aquilo aqueles aquelas nele nela neste nesta nesse nessa num numa deste desta desse
    dessa disso disto nisso ser sou sao era eram foi fui foram seja for sera serao seria estar estou estao estava
    tava ta to tao tou tem tenho tinha tinham ter temos tendo teria tera haver ha houve fazer faz fazem faco fazendo
    feito feita fiz fez fizer farao faria posso pode podem poder poderia podia puder possa possam possamos somos sabendo
    consigo consegue conseguem conseguir conseguimos consegui mim quero queria queremos quer
    querem gostaria preciso precisa precisam precisar precisava vou vai vao vamos ir indo ja nao sim muito muita
    muitos muitas mais menos bem mal aqui ali la ai dai tambem so ainda agora oi ola opa bom boa dia tarde noite
    obrigado obrigada favor por_favor ne gente saber sabe sei algum alguma alguns algumas nenhum nenhuma tudo todo
    toda todos todas coisa coisas diga dizer informar ao aos dar dao deu entao pois porque porem assim tipo mesmo
    mesma cada outro outra outros outras qualquer alguem ninguem nada algo tal tanto tanta agente cara moca moco
    amigo amiga querida querido senhor senhora beleza valeu certo certinho ok okay poxa uai oxe bah tche guria guri
    mano rapaz rei kk kkk kkkk kkkkk rs rsrs haha hein hem aff saiba saibam nem terei rola rolar favorzinho please
    thanks thank hello hi hey the is are you does what how i my your it can and or of in on at an we us be have has
    there this that el los las un una y en con mi su es son hay tienen tiene puedo puede hola gracias buenos buenas
    dias tardes noches ustedes usted quiero
    """.split()
)

# Words of which any story is full: they may be in no rule, and the question is answered all the same.
COMMON = frozenset(
    """
    comprar compra comprei compro comprou compramos comprando comprasse pedir pedi pede pedindo pedido chegar chego
    ver vejo vi viu olhar olha achar acho acha achei gostar gosto gostei gostou mandar manda mande passar passa
    passo passei pegar pego pega ficar fica ficam fiquei ficou ficasse levar levo leva deixar deixo deixa deixei vir
    vem vier veio sair saio sai saiu entrar entro entra falar fala falo falei falou falaram dito disse disseram
    perguntar pergunto pergunta duvida ajudar ajuda ajude explicar explica mostrar mostra contar conta tentar tento
    tentei usar uso usa usei usando usada usado funcionar funciona servir serve
    trabalhar trabalho trabalha trabalham morar moro mora estudar viajar viagem casa rua bairro cidade loja lojas
    empresa firma site aplicativo app internet pessoa pessoas homem mulher filho filha filhos pai mae avo vo irmao
    irma marido esposa esposo namorado namorada noivo noiva crianca criancas bebe amor familia colega chefe patrao
    vizinho vizinha sogra tio tia primo prima cliente clientes vez vezes jeito forma modo parte tempo momento hora
    horas minutos minuto segundo dia dias semana semanas mes meses ano anos hoje ontem amanha cedo manha tarde noite
    sempre nunca logo depois antes durante enquanto mal caso exemplo problema motivo tipo tipos questao informacao
    informacoes detalhe detalhes pronto pronta novo nova velho velha grande pequeno pequena maior menor melhor pior
    bonito bonita lindo linda legal bacana top facil dificil rapido rapida certo errado junto juntos sozinho sozinha
    inteiro inteira metade dois duas tres quatro cinco seis sete oito nove dez primeiro primeira ultimo ultima
    proximo proxima perto longe dentro fora cima baixo lado frente atras ca lugar local existe existir acontecer
    acontece aconteceu tiver tivesse estiver possivel impossivel necessario urgente importante so apenas quase
    talvez realmente principalmente geralmente normalmente atualmente afinal alias enfim aceitar aceita aceitam
    aceito atender atende atendem atendimento sessao faltar falta faltou mudar aproveitar aproveito aproveitando
    pensar pensando pensei lembrar lembro esqueci esquecer comigo contigo chama chamo nome sou interessado
    interessada interesse opcao opcoes queremos pretendo pretendia want academia farmacia drogaria padaria clinica
    hotel pousada restaurante lanchonete escola salao barbearia petshop mercado otica livraria papelaria
    floricultura estudio consultorio oficina pizzaria confeitaria colegio vendem vende vender vendo venda fornecem
    oferecem oferece indicam recomendam deixam menino menina pegam pegamos pegou peguei chegam chegamos chegaram
    cheguei compram pedem pedimos pediram mandaram mandou mandei passam passaram passou ficamos ficaram deixamos
    deixou deixaram vieram vindo saem sairam entram entrou entrei usam usamos usou servem serviu
    trabalhamos moramos mudou mudei aceitamos atendemos chacara sitio roca fazenda mil pouco pouca
    pouquinho volta meio escolher acabar acabou apareceu aparecer terminar terminei quiser quisesse ideia negocio
    feira produto produtos item itens material mercadoria janeiro fevereiro marco abril maio junho julho agosto
    setembro outubro novembro dezembro tirar tira tiram cheio cheia need know get buy bought like would could should
    much many please help just some any also really today tomorrow quiero necesito saber puedo podria tambien muy
    mucho algo hoy manana cachorro cachorra cachorros cachorrinho cachorrinha gato gata gatos gatinho gatinha pet pets
    dog cao caes cabelo
    """.split()
)
