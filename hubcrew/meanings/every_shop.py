"""What do customers of any shop ask for, and how do shops put it?"""

GROUPS = {
    "price": """
        preco valor custar custo custa cobrar cobram cobranca taxa tarifa tabela orcamento quanto_sai
        quanto_fica quanto_ficaria quanto_ta quanto_e quanto_esta quanto_vale quanto_seria quanto_da quanto_que
        quanto_os quanto_a quanto_o quanto_as quanto_um quanto_uma por_quanto quanto_para quanto_paga
        quanto_pago e_paga e_pago sao_pagos e_cobrado e_cobrada tem_que_pagar precisa_pagar tem_custo
        paga_alguma paga_algo paga_a_mais quanto_cada quanto_uns quanto_pelo quanto_pela reais pila price cost
        fee fees how_much cuesta cuestan precio cuanto
    """,
    "delivery": """
        entregar entrega entregador frete enviar envio envia mandar manda mandam mandar_para chegar chega chegou
        receber recebo levar_ate levam leva_ate despachar postar correio correios sedex motoboy delivery
        shipping ship deliver envio_a_domicilio taxa_de_entrega para_viagem em_domicilio
        chega_hoje chega_amanha quando_chega quando_chegam chega_quando quando_entrega entrega_quando na_entrega
    """,
    "freight": """
        frete taxa_de_entrega valor_da_entrega preco_da_entrega custo_de_envio envio quanto_para_entregar
        quanto_para_mandar quanto_para_levar shipping
    """,
    "pickup": """
        retirar retirada buscar busco for_buscar passo_ai passar_para_pegar pegar_na_loja pegar_ai passar_ai
        ir_buscar recoger pick_up pickup
    """,
    "payment": """
        passa_cartao passam_cartao passar_cartao passa_no_cartao pagar pagamento pix cartao boleto dinheiro
        especie credito debito cheque carne transferencia ted fiado pagando vale_refeicao vale_alimentacao
        mastercard visa elo hipercard amex picpay mercado_pago maquininha pay payment card cash pago pagos
        tarjeta efectivo
        na_entrega
    """,
    "installments": """
        parcelar parcela parcelas parcelado parcelamento dividir divide dividido quantas_vezes #_vezes quantas_x
        #_x #x vezes_sem_juros juros sem_juros prestacao prestacoes installments cuotas crediario carne
    """,
    "hours": """
        horario horarios abrir abre abrem aberto aberta abertos fechar fecha fecham fechado funcionar funciona
        funcionam funcionamento horario_de_atendimento expediente que_horas ate_que_horas que_hora feriado
        domingo sabado segunda_a_sexta open opening close closed hours abierto abren cierran
    """,
    "place": """
        endereco localizacao localizada localizado onde_fica onde_ficam que_bairro qual_bairro ficam_em fica_em
        ficam_onde fica_onde onde_e onde_esta onde_voces onde_e_a_loja aonde como_chegar chegar_ai rua avenida
        av bairro_da_loja onde_estamos nos_encontrar encontro_voces praca rodovia travessa alameda shopping
        loja_fisica unidade filial mapa cep ponto_de_referencia address location located where direccion
        ubicacion donde
    """,
    "exchange": """
        trocar troca trocas sobrou sobraram comprei_errado comprou_errado comprei_a_peca_errada
        pegar_outro_tamanho nao_coube ficou_curto devolver devolucao devolvo devolvem nao_serviu nao_servir
        nao_gostar nao_gostei ficou_grande ficou_pequeno ficou_apertado ficou_largo tamanho_errado arrepender
        arrependi arrependimento exchange return returns cambio cambiar devolucion
    """,
    "refund": """
        reembolso reembolsar estorno estornar dinheiro_de_volta devolver_o_dinheiro devolvem_o_dinheiro
        receber_de_volta tudo_de_volta refund
    """,
    "defect": """
        defeito defeituoso descolou descolada reclamar reclamacao furou vazando pifou queimou parou_de_funcionar
        parou_de deu_problema riscado riscada arranhado manchado empenado faltou_uma faltou_um caiu_um partidas
        mofado quebrar quebrado quebrada quebrou estragar estragado estragada estragou danificado danificada
        danificadas avaria avariado veio_errado veio_faltando faltando_peca nao_funciona nao_liga rasgado rasgou
        rachado trincado murcha murchou murcharem amassado lascou lascado broken damaged defect roto
    """,
    "warranty": "garantia garantido warranty guarantee",
    "coverage": "cobre cobrem cobertura coberto coberta cobrimos",
    "repair": """
        consertar conserto consertam arrumar arrumam arruma reparar reparo manutencao assistencia_tecnica
        assistencia repair fix reparacion arreglar
    """,
    "booking": """
        agendar agendamento agenda agendado marcar marco marcam marcado marcacao reservar reserva reservo
        encaixe encaixar encaixam hora_marcada horario_disponivel horario_livre book booking appointment
        reservation guardar guardam separar separam segurar cita turno
    """,
    "cancel": """
        cancelar cancelamento cancelo cancelado desmarcar desmarco desistir desistencia desisti encerrar sair_da
        sair_do encerramento rescindir cancel cancelacion
    """,
    "rebook": "remarcar remarco remarcacao reagendar reagendamento adiar mudar_a_data trocar_a_data mudar_o_horario",
    "promotion": """
        promocao promocional promocoes desconto descontos descontinho oferta ofertas cupom cupons liquidacao
        barato barata baratinho abatimento em_conta black_friday campanha saldao queima_de_estoque paga_menos
        pagar_menos em_promocao discount sale deal descuento rebaja
    """,
    "duration": """
        prazo prazos demora_quanto demoram_quanto demorar demora demoram quanto_tempo por_quanto_tempo
        em_quanto_tempo quantos_dias quantas_horas quanto_dias leva_quanto quando_chega chega_quando
        quando_chegam chega_hoje chega_amanha quando_vem vem_quando quando_sai entrega_quando quando_fica
        quando_entrega em_quanto dias_uteis dia_util #_dias #_dia #_horas #_hora #_minutos #_semanas duracao
        dura how_long cuanto_tiempo plazo
    """,
    "free": """
        gratis gratuito gratuita gratuitamente de_graca sem_custo sem_taxa isento isencao cortesia nao_paga
        sem_pagar_nada nao_cobramos nao_e_cobrada nao_e_cobrado sem_cobrar incluso free
    """,
    "contact": """
        telefone whatsapp email e_mail site instagram facebook contato rede_social redes_sociais
        numero_de_telefone ligar_para insta phone contact telefono correo
    """,
    "invoice": "nota_fiscal nota recibo cupom_fiscal cnpj fatura invoice factura",
    "gift": "presente presentes presentear presenteada lembrancinha gift regalo",
    "wrapping": """
        embrulho embrulhar embalagem embalar papel_de_presente para_presente gift_wrap wrapping
        embalagem_de_presente embalagem_para_presente embrulho_de_presente
    """,
    "minimum": """
        minimo minima a_partir_de a_partir_do a_partir_da acima_de pedido_minimo valor_minimo quantidade_minima
        minimum
    """,
    "stock": "em_falta estoque disponivel disponibilidade pronta_entrega esgotado stock",
    "size": """
        qual_numero que_numero ate_qual_numero numero_# do_#_ao_# tamanho tamanhos medida medidas numeracao
        numero_maior numero_menor dimensao dimensoes size talla
    """,
    "color": "cor cores colorido color",
    "wholesale": "atacado revenda revender revendedor em_quantidade wholesale",
    "insurance": """
        convenio convenios plano_de_saude planos_de_saude pelo_plano meu_plano quais_planos que_planos
        carteirinha operadora_de_saude unimed amil bradesco_saude hapvida
    """,
    "history": """
        quem_sao quem_somos historia fundada fundado fundacao desde_quando existe_desde existe_ha
        ha_quanto_tempo ha_quantos_anos quantos_anos_a quantos_anos_de dono dona donos proprietario fundador
        desde_# quem_e_o_dono no_mercado sobre_nos quem_e_a_dona nasceu nascemos comecamos criada_em
        criado_em aberta_em aberto_em aberta_por faz_tempo_que existem_desde owner about
        existe_ha_quanto_tempo existem_ha_quanto_tempo
    """,
    "trial": """
        conhecer primeira_aula aula_teste experimental experimentar testar teste provar provador degustacao
        amostra conhecer_antes trial try
    """,
    "late": "atraso atrasar atrasado atrasada tolerancia late",
    "child": "crianca criancas infantil bebe kids filho filha menino menina menor_de_idade",
    "pet": "cachorro cao caes gato gatos pet pets dog cat animal animais bicho perro",
    "job": """
        vaga_de vaga_para contratar contratacao trabalhar_com_voces mandar_curriculo trabalhar_ai
        vaga_de_trabalho emprego contratando contratam deixar_curriculo deixar_um_curriculo enviar_curriculo
        trabalhe_conosco vaga_de_emprego job
    """,
    "parking": "estacionamento estacionar parar_o_carro vaga_para_carro deixar_o_carro parking",
    "customize": "personalizar personalizado personalizada sob_medida encomenda encomendar custom",
    "loyalty": "fidelidade cashback programa_de_pontos programa_de_fidelidade clube",
    "cleaning": "limpeza limpar lavar higienizar higienizacao lavagem clean",
    "assembly": """
        colocar colocam colocacao aplicar aplicam aplicacao montador montagem montar montam instalar instalacao
        instalam assembly
    """,
    "photo": "foto fotos imagem catalogo cardapio photos menu",
    "rent": "alugar aluguel alugam locacao diaria rent alquiler",
    "weekend": "fim_de_semana sabado domingo weekend",
    "ready": "pronto pronta fica_pronto ficar_pronto ready",
    "age": """
        idade faixa_etaria de_#_anos aos_#_anos com_#_anos tem_#_anos maiores_de_# menores_de_# menor_de_idade
        maior_de_idade age
    """,
    "documents": """
        documento documentos documentacao rg cpf comprovante identidade carteira_de_identidade cnh papelada
        papeis documentation id
    """,
    "bring": """
        trazer traga tragam trouxer que_levar que_leva que_levo que_tenho_que_levar precisa_levar preciso_levar
        levar_no levar_na
    """,
    "prescription": "receita receitas prescricao pedido_medico pedido_do_medico encaminhamento requisicao",
    "plan": "plano planos mensalidade mensalidades pacote pacotes assinatura",
    "enrolment": "matricula matricular inscricao inscricoes inscrever cadastro cadastrar cadastramento rematricula",
    "penalty": "multa multas penalidade",
    "pause": "trancar trancamento trancado pausar pausa suspender congelar",
    "class": "aula aulas turma turmas",
    "clock": """
        oclock que_horas que_hora ate_que_horas qual_horario qual_o_horario que_horario as_#_hora as_#_horas
        das_#_hora ate_as_#
    """,
    "days": """
        que_dia que_dias quais_dias quais_os_dias qual_dia qual_o_dia segunda terca quarta quinta sexta sabado
        domingo tercas quartas quintas sextas sabados domingos segundas
    """,
    "single": "avulso avulsa avulsos avulsas diaria diarias um_dia so_um_dia por_dia day_use",
    "branch": "filial filiais unidade unidades outra_loja outras_lojas outra_unidade unica_loja so_uma_loja mais_lojas",
    "home": """
        em_casa a_domicilio em_domicilio domicilio domiciliar vem_em_casa vem_aqui vem_ate vao_ate aqui_em_casa
        na_minha_casa na_residencia
    """,
    "far": """
        outra_cidade outras_cidades outro_estado outros_estados todo_o_brasil todo_brasil brasil_inteiro acre
        alagoas amapa amazonas bahia ceara distrito_federal espirito_santo goias maranhao mato_grosso
        mato_grosso_do_sul minas_gerais paraiba parana pernambuco piaui rio_de_janeiro rio_grande_do_norte
        rio_grande_do_sul rondonia roraima santa_catarina sao_paulo sergipe tocantins belo_horizonte curitiba
        porto_alegre salvador recife fortaleza manaus belem goiania brasilia florianopolis cuiaba
        campo_grande sao_luis maceio teresina joao_pessoa aracaju interior sedex pac correio correios
        outro_pais exterior
    """,
    "tracking": "rastreio rastrear rastreamento acompanhar",
    "carrier": "transportadora transportadoras que_empresa_entrega qual_empresa_entrega",
    "readdress": """
        mudar_o_endereco trocar_o_endereco alterar_o_endereco corrigir_o_endereco mudar_endereco trocar_endereco
        endereco_errado
    """,
    "cash": "dinheiro especie cash efectivo",
    "card": """
        cartao cartoes credito debito visa master mastercard elo hipercard amex maquininha bandeira bandeiras
        card tarjeta
    """,
    "voucher": """
        vale_refeicao vale_alimentacao vale_alimentacao_e_refeicao vr va alelo sodexo ticket ticket_refeicao
        ticket_alimentacao
    """,
    "credit": "crediario carne fiado caderneta a_prazo promissoria",
    "upfront": "a_vista de_uma_vez tudo_de_uma_vez",
    "alter": "ajuste ajustes ajustar apertar apertam encurtar barra bainha reformar reforma reformam costura costurar",
    "hold": "guardar guardam separar separam separa segurar seguram reservar reserva reservam deixar_separado",
    "included": "incluso inclusa inclusos inclusas incluido incluida inclui incluem ja_vem vem_com acompanha included",
    "bonus": "de_presente brinde brindes premio premios ganha ganhar ganho de_brinde leve_#",
    "validity": "vencer vence vencem vencido vencida validade valido valida validos validas expirar expira vencimento",
    "combine": "acumular acumula acumulam acumulativo somar somam soma cumulativo cumulativos",
    "disposal": """
        descarte descartar jogar_fora reciclar reciclagem recolher recolhem recolhimento coletor levam_o levam_a
    """,
    "lost": """
        perdido perdidos perdida achado achados esqueci_um esqueci_uma esqueci_meu esqueci_minha esqueci_o
        esqueci_a
    """,
    "access": "cadeirante cadeirantes acessivel acessibilidade rampa wheelchair",
    "upstairs": "subir sobem subimos sobe escada escadas elevador andar andares icamento icar",
    "unload": "descarregar descarrega descarregam descarga",
    "urgent": "urgencia emergencia plantao socorro",
    "name": "qual_o_nome qual_e_o_nome qual_nome o_nome_do o_nome_da como_se_chama como_chama",
    "garment": """
        roupa roupas peca_de_roupa vestido vestidos blusa blusas blusinha camisa camisas camiseta camisetas
        calca calcas saia saias casaco casacos jaqueta jaquetas moletom bermuda
    """,
    "shoes": """
        sapato sapatos calcado calcados tenis bota botas sandalia sandalias sapatilha sapatilhas chinelo
        chinelos
    """,
    "night": "madrugada #_horas_por_dia vinte_e_quatro_horas de_madrugada",
    "brand": "marca marcas fabricante brand",
    "origin": """
        sao_feitas sao_feitos sao_feito e_feito e_feita costuradas costurados fabricado fabricada produzido
        produzida artesanal artesanais produzimos fabricamos
    """,
    "used": "usado usada usados usadas seminovo seminovos segunda_mao recondicionado recondicionada sebo",
    "fit": "serve_no serve_na serve_em serve_para compativel compatibilidade",
    "wifi": "wifi wi_fi internet",
    "cooling": "ar_condicionado climatizado climatizada climatizados ventilador",
    "shower": "chuveiro ducha chuveiros",
    "locker": "armario armarios vestiario vestiarios guarda_volumes",
    "furniture": "movel moveis mobilia",
    "wardrobe": "guarda_roupa guarda_roupas roupeiro armario",
    "sofa": "sofa sofas estofado estofados",
    "bespoke": "sob_medida planejado planejados planejada medida_especial feito_sob_medida",
    "moving": "mudanca mudancas me_mudar se_mudar",
    "medicine": "remedio remedios medicamento medicamentos medicacao",
    "injection": "injecao injecoes benzetacil intramuscular",
    "sugar": "glicose glicemia diabetes diabetico diabetica",
    "measuring": "medir medem medimos mede medicao aferir aferem afericao",
    "piercing": "furar fura furam furo furamos piercing",
    "vaccine": "vacina vacinas vacinar vacinacao vacinamos",
    "test": "exame exames teste testes",
    "result": "resultado resultados laudo laudos",
    "physician": "medico medicos medica doutor doutora dr dra",
    "dentist": "dentista odonto odontologia odontologico dente dentes dentaria",
    "whitening": "clareamento clarear branquear branqueamento",
    "braces": """
        aparelho_ortodontico aparelho_nos_dentes aparelho_dentario aparelho_fixo por_aparelho ortodontico
        ortodontia alinhador alinhadores
    """,
    "pregnant": "gestante gestantes gravida gravidas gravidez",
    "nursing": "amamentar amamentando lactante lactantes amamentacao",
    "depilation": "depilacao depilar pelos",
    "botox": "botox toxina",
    "pain": "dor dores doendo dolorido",
    "glasses": "oculos armacao armacoes",
    "vet": "veterinario veterinaria",
    "grooming": "tosa tosar",
    "neuter": "castrar castracao castrado castrada",
    "parasites": "pulga pulgas carrapato carrapatos antipulgas",
    "boarding": "hospedagem hospedar hospedam hotelzinho creche daycare",
    "car": "carro carros veiculo veiculos automovel automoveis",
    "oil": "oleo oleos lubrificante lubrificantes",
    "film": "insulfilm pelicula peliculas",
    "tow": "guincho reboque guinchar",
    "bread": "pao paes paozinho",
    "cake": "bolo bolos torta tortas",
    "savoury": "salgado salgados salgadinho salgadinhos coxinha coxinhas",
    "sweets": "doce doces docinho docinhos brigadeiro brigadeiros",
    "change": """
        mudar_de mudar_do mudar_da mudar_para mudar_meu mudar_o_plano trocar_de_plano alterar alteracao migrar
        upgrade
    """,
    "renewal": "renovar renova renovam renovacao renovacoes",
    "deposit": "sinal entrada adiantado adiantamento antecipado antecipada caucao",
    "extraction": "extrair extracao extracoes arrancar arranquei arrancam tirar_o_dente tirar_dente tirar_o_siso",
    "gluten": "gluten celiaco celiaca celiacos",
    "lactose": "lactose intolerante leite",
    "diet": "diet zero_acucar sem_acucar",
    "vegan": "vegano vegana veganos vegetariano vegetariana vegetarianos vegan",
    "room": "quarto quartos suite suites acomodacao acomodacoes chale chales",
    "arrival": "check_in checkin entrada_no_quarto hora_de_entrada horario_de_entrada fazer_o_check",
    "leaving": "check_out checkout saida desocupar",
    "breakfast": "cafe_da_manha breakfast desayuno",
    "towel": "toalha toalhas",
    "linen": "roupa_de_cama lencol lencois",
    "uniform": "uniforme uniformes farda fardamento",
    "teacher": "professor professora professores instrutor instrutora instrutores",
    "missed": "repor reposicao aula_perdida perdi_a_aula",
    "wholeday": "periodo_integral tempo_integral turno_integral contraturno",
    "shift": "turno turnos matutino vespertino periodo",
    "training": "treino treinos treinar malhar musculacao",
    "book": "livro livros exemplar exemplares",
    "phone": "celular celulares smartphone smartphones iphone",
    "computer": "computador computadores desktop notebook notebooks laptop",
    "screen": "tela telas display visor",
    "television": "televisao televisor televisores televisoes",
    "charger": "carregador carregadores fonte",
    "format": "formatar formatacao formatam",
    "printer": "impressora impressoras cartucho toner",
    "diagnosis": "diagnostico avaliar orcamento",
    "buffet": "buffet self_service por_quilo rodizio",
    "lunchbox": "marmita marmitas marmitex quentinha quentinhas",
    "tip": "taxa_de_servico gorjeta #_por_cento couvert",
    "cork": "rolha levar_vinho levar_bebida proprio_vinho",
    "queue": "fila espera lista_de_espera",
    "music": "musica_ao_vivo musica show",
    "flowers": "flor flores buque buques ramalhete",
    "funeral": "velorio coroa coroas funeral luto falecimento faleceu homenagem",
    "watering": "regar rega molhar_as_plantas molhar_a_planta",
    "note": "escrever escrito recado recadinho mensagem bilhete dedicatoria cartinha",
    "plush": "pelucia ursinho urso ursinhos",
    "quote": "orcamento cotacao orcar",
    "sample": "amostra amostras mostruario",
    "petfriendly": "pet_friendly aceita_cachorro aceita_pet aceitam_pet aceitam_cachorro",
    "party": "festa festas aniversario aniversarios evento eventos",
    "unopened": """
        nao_abri nao_abriu sem_abrir sem_uso nao_usei ja_abri ja_abriu abri_a_caixa abri_a_embalagem lacrado
        lacrada lacrados lacradas lacre embalagem_fechada caixa_fechada embalagem_aberta embalagem_original
        embalagem_esta_inteira depois_de_aberto depois_de_aberta depois_de_abertos depois_de_abertas
    """,
    "backorder": """
        encomenda encomendar encomendo encomendam conseguem_pedir consegue_pedir pedir_para_mim mandar_vir
        mandam_vir trazer_para_mim se_nao_tiver se_estiver_em_falta
    """,
    "showroom": """
        showroom mostruario em_exposicao ver_ai ver_de_perto ver_ao_vivo ver_pessoalmente ver_na_loja
    """,
    "ampere": "ampere amperes amperagem ah",
    "coolant": "radiador arrefecimento aditivo",
}
