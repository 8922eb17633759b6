"""What is asked where people eat, drink, buy food, celebrate, sleep and travel, and how do such shops put it?"""

GROUPS = {
    "menu": "cardapio menu o_que_voces_servem lista_de_sabores quais_opcoes quais_as_opcoes que_opcoes",
    "dish": "prato_do_dia executivo prato_feito cardapio_do_dia cardapio_de_hoje que_tem_hoje a_mistura qual_o_prato",
    "cutoff": "ate_que_horas_posso_pedir ate_que_horas_da_para_pedir horario_limite hora_limite ultimo_pedido",
    "advance": """
        antecedencia antecipadamente vespera com_quantos_dias quantos_dias_antes quanto_tempo_antes com_quanto_tempo
        quantas_horas_antes #_dias_antes #_horas_antes um_dia_antes em_cima_da_hora de_ultima_hora para_hoje
        para_amanha ainda_da_tempo da_tempo_de quando_tenho_que_pedir quando_tenho_que_encomendar
        ate_quando_posso_pedir ate_quando_posso_encomendar ate_quando_pedir pedir_antes encomendar_antes avisar_antes
    """,
    "platform": "ifood rappi aiqfome pelo_aplicativo pelo_app no_app no_booking pelo_booking airbnb",
    "coins": "de_troco troco_para tem_troco levar_troco leva_troco mandar_troco troco_de o_troco com_troco",
    "terminal": "maquininha maquineta maquina_de_cartao leva_a_maquina levam_a_maquina",
    "serves": "serve_quantas serve_quantos serve_# serve_ate da_para_quantas rende para_quantas_pessoas para_quantos",
    "capacity": """
        #_pessoas #_adultos quantas_pessoas para_quantas_pessoas somos_em_# convidado cabe capacidade lotacao triplo
    """,
    "head": "por_pessoa por_cabeca cada_pessoa por_convidado por_adulto",
    "slices": "fatia pedaco",
    "flavour": "sabor recheio #_sabores dois_sabores tres_sabores sabor_trocado",
    "halves": "meio_a_meio meia_a_meia meia_meia metade_de metade_metade dois_sabores tres_sabores #_sabores",
    "pizzas": "calabresa portuguesa marguerita margherita quatro_queijos toscana napolitana palmito pepperoni",
    "crust": "borda beirada",
    "dough": "massa fermentacao_natural levain",
    "cheese": "queijo mussarela mucarela muzzarella catupiry requeijao cheddar parmesao provolone queijo_minas",
    "extras": "adicional adicionais acrescimo extra mais_queijo colocar_mais por_mais a_mais complemento",
    "without": """
        sem_cebola sem_tomate sem_ervilha sem_azeitona sem_alface sem_picles sem_maionese sem_bacon sem_coentro
        sem_milho sem_pimenta sem_molho sem_salada sem_queijo sem_alho sem_presunto sem_granola tirar_a_cebola
        tirar_o_tomate tirar_o_queijo tirar_o_molho tiramos_qualquer ingrediente
    """,
    "burger": "hamburguer hamburgue burger burguer x_burguer x_salada x_tudo x_bacon cheeseburger smash blend xis",
    "snack": "lanche sanduiche sanduba misto_quente bauru cachorro_quente hot_dog hamburguer x_salada x_tudo x_bacon",
    "hotdog": "cachorro_quente cachorros_quentes hot_dog hot_dogs dogao",
    "combo": "combo trio",
    "doneness": "mal_passado mal_passada bem_passado bem_passada ao_ponto ponto_da_carne ponto_do_hamburguer que_ponto",
    "spicy": "pimenta apimentado picante ardido",
    "sauces": "molho maionese ketchup catchup mostarda barbecue sache vinagrete",
    "fries": "batata fritas onion_rings",
    "portions": "porcao petisco tira_gosto aperitivo belisco espetinho torresmo isca tabua_de_frios",
    "disposable": "descartavel talher canudo guardanapo garfo colher",
    "lunch": "almoco lunch",
    "dinner": "jantar dinner",
    "meals": "refeicao almoco jantar comida pensao_completa meia_pensao alimentacao",
    "inclusive": "all_inclusive tudo_incluso tudo_incluido pensao_completa meia_pensao com_refeicoes",
    "breakfast": "cafe desjejum brunch",
    "buffet": "bufe comer_a_vontade come_a_vontade coma_a_vontade a_quilo",
    "salads": "salada tem_salada salada_de com_salada salada_mista alface rucula",
    "sides": "acompanhamento guarnicao arroz feijao farofa pure",
    "soup": "sopa caldinho canja",
    "dessert": "sobremesa pudim mousse musse petit_gateau pave dessert",
    "healthy": "fitness fit light low_carb lowcarb saudavel saudaveis emagrecer",
    "calories": "caloria kcal nutricional nutricionais macros carboidrato",
    "allergy": "alergia alergenico amendoim castanha nozes oleaginosas restricao_alimentar restricoes_alimentares",
    "gluten": "trigo glutem",
    "lactose": "aplv deslactosado",
    "diet": "adocante diabetico coca_zero menos_acucar pouco_acucar",
    "vegan": "sem_carne nao_come_carne nao_como_carne nao_comem_carne origem_animal plant_based vegetal vegetais soja",
    "recipe": "do_que_e_feito de_que_e_feito o_que_vai_no o_que_vai_na o_que_vem_no o_que_vem_na vem_o_que",
    "reheat": "esquentar requentar aquecer microondas air_fryer airfryer terminar_no_forno pre_assada pre_assado",
    "raw": "cru pre_assada pre_assado pre_frito para_assar para_fritar assar_em_casa fritar_em_casa",
    "frozen": "congelado descongelar freezer ultracongelado",
    "keeps": "geladeira freezer congelador conservar armazenar temperatura_ambiente ate_quando_posso_comer",
    "fridge": "geladeira frigobar minibar",
    "batch": "fornada pao_quente pao_quentinho sai_do_forno que_horas_sai_o_pao que_horas_tem_pao",
    "fresh": "fresco fresquinho feito_na_hora feitos_na_hora feita_na_hora feito_no_dia feitos_no_dia",
    "oven": "forno lenha",
    "beverages": """
        bebida refrigerante suco limonada cerveja chope drink caipirinha vinho agua_mineral agua_com_gas agua_de_coco
        energetico coca_cola coca_zero guarana long_neck cooler levar_cerveja bebida_de_fora bebidas_de_fora
    """,
    "soda": "refrigerante coca_cola coca_zero guarana fanta sprite pepsi latinha a_coca tem_coca coca_#_litros",
    "juice": "suco suquinho limonada vitamina_de polpa",
    "water": "agua_mineral agua_com_gas galao garrafao bebedouro agua_potavel",
    "beer": "cerveja breja cerva heineken brahma skol budweiser spaten amstel long_neck litrao latao puro_malte",
    "keg": "chope barril chopeira keg growler",
    "wine": "vinho espumante prosecco champanhe champagne sangria cabernet malbec",
    "spirits": "whisky uisque vodka gin cachaca pinga tequila licor destilado conhaque drink caipirinha coquetel",
    "bartender": "bartender barman bar_man open_bar drink caipirinha coquetel coqueteis",
    "chilled": "gelada trincando_de",
    "returnable": "casco vasilhame retornavel garrafa_vazia garrafas_vazias engradado",
    "consignment": "consignado so_pago_o_que so_paga_o_que o_que_nao_usar o_que_nao_consumir o_que_sobrar se_sobrar",
    "cork": """
        levar_cerveja trazer_vinho trazer_o_vinho trazer_bebida levar_bebidas levar_o_vinho levar_um_vinho o_seu_vinho
        meu_vinho levar_minha_bebida levar_a_bebida bebida_de_fora bebidas_de_fora entrar_com_bebida levar_cooler
        cooler
    """,
    "caterer": """
        levar_comida trazer_comida comida_de_fora levar_lanche buffet_de_fora meu_proprio_buffet levar_meu_buffet
        outro_buffet fornecedor levar_bolo levar_o_bolo levar_um_bolo trazer_bolo trazer_o_bolo trazer_um_bolo
        bolo_de_fora levar_cooler bebida_de_fora bebidas_de_fora
    """,
    "birthday": "levar_bolo levar_o_bolo levar_um_bolo trazer_bolo trazer_o_bolo trazer_um_bolo taxa_de_bolo",
    "cake": """
        levar_bolo levar_o_bolo levar_um_bolo trazer_bolo trazer_o_bolo trazer_um_bolo bolo_de_fora taxa_de_bolo
        naked_cake bento_cake bentocake caseirinho cupcake rocambole cuca
    """,
    "minors": "desacompanhado sem_os_pais sem_pais dos_pais",
    "icecream": "sorvete picole gelato casquinha sundae milkshake milk_shake paleta sacole",
    "shake": "milkshake milk_shake frape",
    "toppings": """
        complemento acompanhamento topping cobertura calda leite_condensado leite_ninho leite_em_po granola pacoca
        nutella confete ovomaltine chantilly morango banana
    """,
    "fruit": "fruta banana abacaxi melancia mamao uva morango kiwi limao abacate maracuja goiaba",
    "bread": "pao_de_sal cacetinho bisnaguinha baguete ciabatta brioche pao_de_queijo pao_quente pao_quentinho",
    "savoury": """
        quibe kibe esfiha esfirra empada enroladinho risole croquete folhado pastelzinho bolinha_de_queijo
        bolinhas_de_queijo mini_pizza mini_pizzas pao_de_queijo canape
    """,
    "sweets": "beijinho cajuzinho bem_casado bem_casados trufa bombom palha_italiana brownie macaron alfajor quindim",
    "chocolate": "chocolate bombom bombons trufa cacau ovo_de_pascoa ovos_de_pascoa nutella brigadeiro",
    "fried": "frito fritura pastel coxinha",
    "baked": "assado esfiha empada",
    "tiered": "#_andares dois_andares tres_andares de_andar de_andares",
    "topper": "topo papel_de_arroz velinha",
    "theme": "tema tematico personagem personagens homem_aranha princesa frozen safari unicornio super_heroi",
    "frosting": "chantilly chantininho pasta_americana glace buttercream ganache fondant cobertura",
    "weight": "quilo grama kilo por_quilo",
    "hundred": "cento cem_unidades por_unidade quantas_unidades duzia",
    "easter": "pascoa ovo_de_pascoa ovos_de_pascoa ovo_de_colher ovos_de_colher",
    "christmas": "de_natal no_natal do_natal o_natal ceia natalina panetone chocotone rabanada fim_de_ano final_de_ano",
    "newyear": "ano_novo reveillon virada_do_ano passar_a_virada fim_de_ano final_de_ano",
    "basket": "cesta cesta_basica",
    "meat": """
        de_carne a_carne as_carnes da_carne das_carnes com_carne e_carne carne_de carne_bovina carne_moida
        carne_para_churrasco carne_seca carne_fresca carnes_nobres bovina picanha alcatra maminha fraldinha
        contra_file file_mignon costela patinho coxao_mole coxao_duro acem cupim bife angus
    """,
    "mince": "carne_moida moer moida moe_a_carne",
    "pork": "porco suino lombo pernil bisteca linguica bacon torresmo panceta costelinha leitoa leitao",
    "chicken": "frango galinha sobrecoxa asinha galeto",
    "fish": "peixe tilapia salmao bacalhau sardinha atum pescado moqueca",
    "seafood": "frutos_do_mar camarao lula polvo marisco siri caranguejo lagosta",
    "barbecue": "churrasco churras churrasquinho churrasqueira assar_carne area_gourmet espaco_gourmet espetinho",
    "charcoal": "carvao lenha acendedor",
    "cutting": "fatiar picar em_bifes em_bife em_cubos em_tiras cortar_em cortam_em desossar sem_osso limpar_a_peca",
    "seasoned": "temperado temperam marinado",
    "charcuterie": "presunto mortadela salame peito_de_peru tabua_de_frios os_frios frios_fatiados",
    "eggs": "ovo ovos",
    "produce": "fruta verdura legume hortalica hortifruti alface rucula couve cenoura",
    "organic": "organico agrotoxico sem_veneno",
    "grocery": "cesta_basica cestas_basicas mercearia arroz feijao mantimentos compras_do_mes compra_do_mes",
    "substitute": "substituir substituicao substituto similar se_acabar se_faltar_produto",
    "party": """
        comemorar confraternizacao casamento formatura batizado cha_de_bebe cha_revelacao cha_de_panela debutante
        quinze_anos bodas noivado kit_festa festa_da_empresa festa_de_empresa
    """,
    "wedding": "casamento casorio noiva bodas cerimonia",
    "corporate": "coffee_break corporativo para_empresa para_empresas para_a_firma para_firma funcionario reuniao",
    "waiter": "garcom garcons garconete copeira maitre quem_serve pessoal_para_servir cozinheira churrasqueiro",
    "tableware": "louca taca talher rechaud toalha_de_mesa toalhas_de_mesa sousplat copo",
    "overtime": "hora_extra horas_extras hora_adicional hora_a_mais mais_uma_hora passar_do_horario ficar_mais_tempo",
    "partytime": "horas_de_festa #_horas_de_festa quantas_horas_de_festa ate_que_horas_pode_ficar horas_de_evento",
    "contract": "o_contrato um_contrato assinar_contrato tem_contrato de_contrato fazem_contrato em_contrato",
    "decoration": "decoracao enfeite ornamentar cenario",
    "balloon": "balao bexiga arco_desconstruido helio",
    "backdrop": "painel paineis fundo_fotografico",
    "kit": "pegue_e_monte pegar_e_montar pega_e_monta kit_festa eu_mesma_monto eu_mesmo_monto festa_na_mala",
    "teardown": "desmontar desmontagem devolver_o_kit devolver_as_pecas devolver_os_itens quando_devolvo",
    "damage": "se_quebrar se_eu_quebrar se_alguem_quebrar quebrar_alguma quebrar_algo dano pecas_quebradas",
    "defect": """
        se_quebrar se_eu_quebrar quebrar_alguma quebrar_algo pecas_quebradas veio_errada pedido_errado veio_trocado
        veio_trocada sabor_trocado sabor_errado veio_fria veio_frio chegou_fria chegou_frio chegou_errado
        chegou_errada derreteu problema_com_o_pedido problema_no_pedido veio_outro veio_outra veio_diferente veio_sem
        veio_cru mandaram_errado mandaram_outro trocaram_o com_cabelo azedo estava_ruim chegar_fria chegar_errada
        chegar_errado chegar_amassada veio_gelada
    """,
    "playthings": "pula_pula cama_elastica piscina_de_bolinha piscina_de_bolinhas inflavel inflaveis brinquedo",
    "playroom": """
        espaco_kids area_kids brinquedoteca parquinho playground recreacao recreador com_monitora brincar
        lugar_para_crianca espaco_para_criancas espaco_infantil cuida_das_criancas cuidar_das_criancas
    """,
    "child": """
        espaco_kids area_kids brinquedoteca parquinho playground crianca_paga criancas_pagam lugar_para_crianca
        espaco_para_criancas espaco_infantil cuida_das_criancas cuidar_das_criancas filho_paga filha_paga bebe_paga
        crianca_ate criancas_ate criancas_de
    """,
    "childfare": """
        crianca_paga criancas_pagam filho_paga filha_paga bebe_paga crianca_ate criancas_ate criancas_de anos_paga
        anos_pagam de_#_anos_paga com_#_anos_paga com_quantos_anos_paga que_idade_paga pagam_metade paga_metade
        meia_entrada
    """,
    "age": "de_#_anos_paga com_#_anos_paga com_quantos_anos_paga ate_quantos_anos tenho_#_anos ate_#_anos",
    "baby": "cadeirao cadeira_de_bebe cadeira_para_bebe fraldario trocador trocar_fralda trocar_a_fralda",
    "noise": "silencio barulho som musica_alta",
    "sound": "som microfone dj banda karaoke",
    "music": "voz_e_violao cantor pagode sertanejo karaoke couvert_artistico forro musica_ao_vivo musica show",
    "photographer": "fotografo filmagem cabine_de_fotos",
    "kitchen": "cozinha fogao preparar_comida fazer_comida fazer_a_comida panela utensilios",
    "security": "seguranca vigilante vigia cameras_de",
    "viewing": "visitar conhecer_o_espaco conhecer_o_salao conhecer_o_local ver_o_espaco ver_o_salao ver_o_local",
    "vacancy": "disponibilidade data_livre datas_livres data_disponivel livre_no_dia quarto_livre ta_livre",
    "private": """
        exclusivo privativo privado particular so_para_nos so_para_a_gente espaco_todo espaco_inteiro fechar_o_espaco
        fechar_o_salao fechar_o_restaurante fechar_a_pousada pousada_inteira pousada_toda reservar_o_salao
        reservar_o_espaco
    """,
    "flowers": "arranjo",
    "plants": "planta suculenta cacto samambaia folhagem bonsai de_mudas",
    "fertilizer": "adubo fertilizante substrato terra_vegetal terra_preta",
    "funeral": "enterro sepultamento cemiterio pesames condolencias",
    "anonymous": "anonimo anonimato sem_dizer_quem sem_falar_quem nao_saiba_quem sem_identificar sigilo quem_mandou",
    "note": """
        cartao_escrito cartaozinho cartao_com_mensagem um_cartao_com cartao_personalizado vai_com_cartao cartao_junto
    """,
    "absent": "nao_estiver_em_casa nao_tiver_ninguem ninguem_em_casa destinatario porteiro ninguem_para_receber",
    "timeslot": """
        que_horas_entrega que_horas_entregam que_horas_chega horario_de_entrega entrega_agendada agendar_a_entrega
        agendar_entrega entregar_as_# entregar_de_manha entregam_a_noite hora_certa horario_exato
    """,
    "surprise": "surpresa surpreender",
    "romantic": """
        romantico lua_de_mel nupcias pedido_de_casamento pedir_em_casamento aniversario_de_casamento petala
        enfeitam_o_quarto enfeitar_o_quarto decorar_o_quarto decoram_o_quarto surpresa_no_quarto
    """,
    "care": "cuidar durar_mais durarem_mais trocar_a_agua meia_sombra",
    "stay": """
        diaria pernoite hospedagem estadia #_noites #_noite por_noite uma_noite duas_noites tres_noites so_uma_noite
        quanto_e_a_noite valor_da_noite preco_da_noite noite_para_casal dormir pousar passar_a_noite
    """,
    "room": "apartamento bangalo flat cabana sair_do_quarto ar_nos_quartos ar_no_quarto quarto_livre quartos_livres",
    "bed": "cama beliche queen king colchao bicama cama_extra colchao_extra",
    "extraperson": "mais_uma_pessoa pessoa_a_mais pessoa_extra cama_extra hospede_extra convidado_extra",
    "arrival": """
        que_horas_posso_entrar que_horas_pode_entrar que_horas_entra que_horas_posso_chegar chegar_mais_cedo
        chegar_antes entrar_mais_cedo entrada_antecipada chegar_de_madrugada chego_de_madrugada chegar_tarde
        chego_tarde chegar_de_noite horario_de_chegada hora_de_chegada quarto_e_liberado check_in checkin
        entrada_no_quarto horario_de_entrada hora_de_entrada a_partir_de_que_horas_posso_entrar
        a_partir_de_que_horas_pode_entrar a_partir_de_que_horas_posso_chegar
    """,
    "leaving": """
        que_horas_tem_que_sair que_horas_tenho_que_sair que_horas_preciso_sair que_horas_sai ate_que_horas_pode_ficar
        sair_do_quarto sair_do_hotel sair_da_pousada sair_do_chale entregar_o_quarto entregar_a_chave sair_mais_tarde
        ficar_ate_mais_tarde horario_de_saida check_out checkout desocupar saida
    """,
    "reception": "recepcao alguem_para_receber na_portaria",
    "noshow": "nao_comparecer nao_compareceu nao_aparecer nao_puder_ir nao_conseguir_ir nao_vou_poder imprevisto",
    "cancel": "nao_puder_ir nao_poder_ir nao_conseguir_ir nao_consigo_ir nao_vou_poder nao_vou_conseguir imprevisto",
    "rebook": "mudar_o_dia mudar_de_data trocar_o_dia trocar_de_data outra_data para_outro_dia alterar_a_data",
    "deposit": "pagar_antes pagar_adiantado garantir_a_reserva garantir_o_quarto garantir_a_data confirmar_a_reserva",
    "balance": "o_resto restante o_que_falta saldo outra_metade",
    "booking": """
        garantir_a_reserva garantir_o_quarto garantir_a_data confirmar_a_reserva ordem_de_chegada sem_reserva
        precisa_reservar precisa_de_reserva precisa_agendar so_com_reserva reservar_o_salao reservar_o_espaco
    """,
    "walkin": "ordem_de_chegada sem_reserva precisa_reservar precisa_de_reserva precisa_agendar so_com_reserva",
    "season": "temporada alta_estacao reveillon ano_novo carnaval feriado ferias semana_santa fim_de_ano",
    "lowseason": "baixa_temporada fora_de_temporada baixa_estacao meio_de_semana meio_da_semana domingo_a_quinta",
    "daypass": "day_use dayuse passar_o_dia passar_um_dia sem_se_hospedar nao_hospede nao_e_hospede nao_esta_hospedado",
    "pool": "piscina nadar toboagua pool hidroginastica",
    "heated": "aquecida quentinha termica termal aguas_termais",
    "jacuzzi": "hidro hidromassagem jacuzzi ofuro com_banheira tem_banheira spa",
    "sauna": "sauna spa",
    "massage": "massagem massagista spa",
    "cooling": "com_ar tem_ar ar_nos_quartos ar_no_quarto ar_gelado",
    "heating": "aquecedor lareira calefacao faz_frio muito_frio ar_quente",
    "television": "netflix streaming",
    "wifi": "sinal_de_internet starlink home_office",
    "iron": "ferro_de_passar passar_roupa tabua_de_passar",
    "linen": "cobertor travesseiro edredom edredons enxoval roupas_de_cama fronha",
    "laundry": "lavanderia lavam_roupa lava_roupa roupa_suja",
    "housekeeping": "camareira arrumadeira arrumar_o_quarto arrumam_o_quarto limpam_o_quarto limpeza_do_quarto",
    "cleaning": "faxina faxineira limpam_o_quarto limpar_o_quarto limpeza_do_quarto",
    "balcony": "varanda sacada terraco deck",
    "view": "vista_mar vista_do_mar frente_mar frente_para_o_mar beira_mar ver_o_mar vista_para tem_vista",
    "beach": "praia pe_na_areia na_areia orla beira_mar frente_mar frente_para_o_mar vista_mar o_mar do_mar guarda_sol",
    "distance": """
        distancia longe_da longe_do perto_da perto_do fica_longe fica_perto e_longe e_perto quantos_metros #_metros
        quantos_quilometros #_quilometros #_km a_pe andando pe_na_areia
    """,
    "nearby": "ai_perto por_perto perto_dai aqui_perto arredores proximidades na_regiao",
    "pet": "aceita_pet aceitam_pet aceita_cachorro aceitam_cachorro aceita_animal pet_friendly cadela doguinho",
    "smoking": "fumar fumante cigarro vape narguile charuto fumodromo",
    "visitor": "visitante levar_alguem",
    "transfer": "traslado translado transfer aeroporto rodoviaria me_buscar nos_buscar leva_e_traz",
    "parking": "onde_deixo_o_carro lugar_para_carro parar_a_moto garagem manobrista valet vaga_para_moto",
    "electric": "carro_eletrico carregar_o_carro carregador_de_carro eletroposto",
    "access": "adaptado mobilidade_reduzida deficiente pcd muleta",
    "senior": "idoso terceira_idade melhor_idade aposentado",
    "games": "sala_de_jogos salao_de_jogos sinuca pebolim ping_pong bilhar fliperama",
    "broadcast": "telao transmissao transmitem passa_jogo passa_o_jogo passam_o_jogo passar_o_jogo futebol",
    "outdoor": "area_externa ao_ar_livre mesas_fora mesa_fora lado_de_fora varanda deck rooftop",
    "generator": "gerador faltar_luz faltar_energia acabar_a_luz acabar_a_energia falta_luz falta_de_luz sem_luz",
    "voltage": "voltagem volts bivolt tomada eletricidade ponto_de_energia pontos_de_energia",
    "restroom": "banheiro sanitario toalete lavabo",
    "camping": "camping acampar barraca motorhome motor_home trailer glamping",
    "campfire": "fogueira fazer_fogo acender_fogo fogareiro",
    "insects": "mosquito borrachudo pernilongo repelente mosquiteiro",
    "lockable": "maleiro guarda_volumes guarda_malas guardar_as_malas guardar_a_mala deixar_as_malas deixar_a_mala",
    "luggage": "mala bagagem bagagens mochila guardar_as_malas guardar_a_mala deixar_as_malas deixar_a_mala",
    "monthly": "mensalista por_mes fechar_o_mes ao_mes todo_mes",
    "tour": """
        passeio excursao tour trilha cachoeira roteiro de_lancha escuna quadriciclo buggy bugue jipe mergulho rapel
        tirolesa rafting turismo turistico atracao o_que_fazer para_fazer_ai para_fazer_na_regiao que_tem_para_fazer
        bate_e_volta
    """,
    "boat": "barco barquinho de_lancha escuna catamara jangada caiaque stand_up jet_ski",
    "bike": "bicicleta bike",
    "weather": "chuva chover tempo_ruim mau_tempo temporal previsao_do_tempo condicoes_do_tempo mar_agitado",
    "difficulty": "dificuldade e_dificil e_pesado e_pesada puxado iniciante preparo_fisico sedentario cansativo",
    "lifevest": "colete salva_vidas sabe_nadar saber_nadar nao_sei_nadar",
    "departure": "de_onde_sai de_onde_saem embarque embarcar ponto_de_encontro horario_de_saida que_horas_sai",
    "coach": "onibus van conducao semi_leito poltrona assento",
    "fare": "passagem passagens voo companhia_aerea companhias_aereas",
    "passport": "passaporte visto_americano visto_para tirar_visto de_visto o_visto consulado",
    "insured": "seguro_viagem seguro_de_viagem seguro_saude_viagem assistencia_viagem seguro_incluso",
    "cruise": "cruzeiro navio",
    "destination": """
        destino para_onde nordeste porto_seguro porto_de_galinhas fernando_de_noronha maragogi jericoacoara
        beto_carrero caldas_novas foz_do_iguacu campos_do_jordao buenos_aires cancun orlando disney europa bariloche
    """,
    "abroad": "internacional internacionais europa estados_unidos orlando disney cancun fora_do_brasil",
    "trip": "pacote_de_viagem pacotes_de_viagem pacote_para pacotes_para",
    "group": "grupo familia_grande",
    "quorum": "minimo_de_pessoas #_pessoas_no_minimo minimo_de_#_pessoas lotacao_minima se_nao_fechar numero_minimo",
    "bring": "o_que_devo_levar o_que_eu_levo que_roupa_levar",
    "tip": """
        dez_por_cento pagar_os_# cobra_os_# cobram_os_# os_#_sao obrigado_a_pagar gorjeta taxa_de_servico #_por_cento
        cobram_#
    """,
    "entrance": "couvert couvert_artistico entrada_paga paga_para_entrar cobra_entrada ingresso consumacao",
    "loyalty": "cartao_fidelidade cartao_de_fidelidade carimbo junta_pontos",
    "zone": "raio area_de_entrega areas_de_entrega que_bairros quais_bairros #_km ate_onde_entregam atende_o_bairro",
    "queue": "muito_cheio ta_cheio fica_cheio costuma_lotar",
    "price": "quanto_e_a_noite valor_da_noite preco_da_noite tarifario taxa_de_bolo",
    "clock": """
        que_horas_posso_entrar que_horas_pode_entrar que_horas_entra que_horas_posso_chegar que_horas_tem_que_sair
        que_horas_tenho_que_sair que_horas_preciso_sair que_horas_sai ate_que_horas_posso_pedir
        ate_que_horas_da_para_pedir ate_que_horas_pode_ficar que_horas_entrega que_horas_entregam que_horas_chega
        que_horas_sai_o_pao que_horas_tem_pao a_partir_de_que_horas a_partir_de_que_horas_posso_entrar
        a_partir_de_que_horas_pode_entrar a_partir_de_que_horas_posso_chegar
    """,
    "delivery": """
        que_horas_entrega que_horas_entregam que_horas_chega horario_de_entrega entrega_agendada agendar_a_entrega
        agendar_entrega entregar_as_# entregar_de_manha entregam_a_noite area_de_entrega areas_de_entrega
        ate_onde_entregam motoqueiro moto_boy
    """,
    "freight": "quanto_o_motoboy valor_do_motoboy taxinha_de_entrega",
    "payment": "maquineta maquina_de_cartao leva_a_maquina levam_a_maquina de_troco troco_para tem_troco pagar_antes",
    "minimum": "so_uma_noite minimo_de_pessoas minimo_de_#_pessoas #_pessoas_no_minimo numero_minimo",
    "duration": "#_dias_antes #_horas_antes quantos_dias_antes quanto_tempo_antes #_horas_de_festa",
    "pickup": "pegar_no_balcao passo_para_pegar",
    "included": "ta_no_preco esta_no_preco",
    "hours": "ate_que_horas_posso_pedir ate_que_horas_da_para_pedir a_partir_de_que_horas",
    "free": "criancas_nao_pagam crianca_nao_paga nao_pagam",
    "order": "como_faco_para_pedir como_peco como_pedir como_faco_o_pedido fazer_pedido fazer_um_pedido fazer_o_pedido",
    "kidsmenu": "prato_kids menu_kids prato_infantil menu_infantil cardapio_infantil comida_para_crianca",
    "pasta": "macarrao macarronada lasanha nhoque espaguete talharim canelone ravioli",
    "sushi": "sushi sashimi temaki japonesa hot_roll yakisoba",
    "gas": "botijao bujao gas_de_cozinha",
    "cassava": "mandioca aipim macaxeira",
    "inspection": "sif procedencia inspecionado vigilancia_sanitaria",
    "lasting": "artificial desidratada preservada flores_secas",
    "lighting": "iluminacao luzinhas pisca_pisca cordao_de_luz",
    "tent": "tenda toldo gazebo",
    "leash": "coleira focinheira na_guia caixa_de_transporte",
    "permission": "autorizacao cartorio",
    "guide": "guia_turistico com_guia guia_local guiado condutor",
    "currency": "dolar euro moeda trocar_dinheiro casa_de_cambio",
    "lost": "esqueci_meus esqueci_minhas esqueci_no esqueci_ai deixei_ai objeto_esquecido",
    "minstay": "so_uma_noite uma_noite_so apenas_uma_noite so_#_noite so_#_noites",
    "comfort": """
        secador ferro_de_passar cofre frigobar amenidades o_que_tem_no_quarto como_e_o_quarto como_sao_os_quartos
    """,
}
