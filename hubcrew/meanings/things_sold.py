"""What do people call what shops sell and mend, from clothes and toys to phones, paint and bicycles?"""

GROUPS = {
    # What any shop with shelves or a workbench is asked.
    "price": "ta_quanto fica_quanto sai_quanto ta_por_quanto sai_por_quanto fica_em_quanto quanto_tao quanto_estao",
    "promotion": "choradinha melhora_o_preco abaixa_o_preco ultimo_preco outlet ponta_de_estoque bota_fora feirao",
    "pricematch": "concorrente achei_mais_barato vi_mais_barato mais_barato_em_outra_loja mais_barato_em_outro",
    "coverage": "achei_mais_barato vi_mais_barato mais_barato_em_outra_loja mais_barato_em_outro",
    "stock": "ainda_tem vai_chegar_mais chega_mais quando_chega_mais quando_vem_mais a_pronta_entrega",
    "newin": "colecao lancamento novidade modelos_novos pecas_novas coisa_nova coisas_novas acabou_de_chegar",
    "giftcard": "vale_presente vale_presentes vale_compra vale_compras vale_credito gift_card giftcard cartao_presente",
    "online": "loja_virtual loja_online comprar_online compra_online compras_online pela_internet pelo_site no_site",
    "payment": "pagar_a_distancia faturado pagar_pelo_link",
    "paymentlink": "pagar_a_distancia link pagar_pelo_link",
    "wholesale": "sacoleira lojista varejo preco_de_atacado grade_fechada representante compra_em_quantidade",
    "corporate": """
        pessoa_juridica cnpj licitacao prefeitura empenho faturado para_empresa para_empresas para_minha_empresa
        corporativo orgao_publico razao_social em_nome_da_empresa nome_da_firma
    """,
    "credit": "faturado",
    "gift": "mimo agrado lista_de_presentes lista_de_presente presente_da_lista",
    "wrapping": "sacola_de_presente sacolinha caixa_de_presente laco celofane embrulha_para_presente",
    "giftlist": """
        lista_de_presentes lista_de_presente presente_da_lista lista_de_casamento lista_de_noivos lista_de_nascimento
        abrir_uma_lista cha_de_panela cha_de_casa_nova cha_de_bebe cha_de_fralda cha_revelacao
    """,
    "hamper": "cesta kit_presente cesta_de_natal box_surpresa",
    "personalgift": "caneca chaveiro squeeze caneca_com_foto brindes_personalizados",
    "customize": """
        caneca_com_foto brindes_personalizados com_logo logomarca logotipo estampar sublimacao serigrafia silk bordar
        gravar_o_nome gravar_nome gravam_nome gravacao_de_nome gravacao_a_laser nome_gravado colocar_o_nome colocam_nome
        botar_o_nome por_o_nome escrever_o_nome com_o_nome nome_e_numero nome_nas_costas iniciais
    """,
    "childrensday": "dia_das_criancas dia_da_crianca",
    "christmas": "natalino arvore_de_natal enfeite_de_natal enfeites_de_natal pisca_pisca presepio para_o_natal",
    "tradein": """
        aceita_usado aceitam_usado pega_usado pegam_usado usado_como_entrada usado_na_troca como_entrada
        como_parte_do_pagamento parte_do_pagamento dar_o_meu pegam_na_troca aceitam_na_troca pega_o_meu pegam_o_meu
        pegam_meu meu_antigo meu_usado seu_usado quanto_voces_dao quanto_pagam_no celular_velho
    """,
    "used": """
        aceita_usado aceitam_usado pega_usado pegam_usado usado_como_entrada usado_na_troca meu_usado seu_usado brecho
        desapego bazar de_vitrine vender_meu vender_minha compram_usado compra_usado compramos_usados celular_velho
    """,
    "exchange": """
        usado_na_troca pegam_na_troca aceitam_na_troca trocar_o_tamanho trocar_de_tamanho nao_gostou nao_ficou_bom
        nao_deu_certo ficou_folgado ficou_justo ficou_justa ganhei_repetido presente_repetido trocar_calcinha
        troca_calcinha
    """,
    "webuy": """
        compram_usado compra_usado compramos_usados vender_meu vender_minha compram_ouro compra_ouro compramos_ouro
    """,
    "defect": """
        bichou nao_liga_mais nao_esta_ligando nao_ta_funcionando descosturou costura_abriu desfiou sola_soltou
        arrebentou vazamento parou_de_gelar nao_gela nao_centrifuga veio_com_problema nao_carrega nao_ta_carregando
        parou_de_carregar trincou_o_vidro quebrou_o_vidro vidro_trincado
    """,
    "repair": """
        concertar tem_jeito da_jeito ajeitar nao_liga_mais nao_esta_ligando da_para_salvar conseguem_salvar mexem_com
        mexe_com parou_de_gelar nao_gela nao_centrifuga visita_tecnica tecnico_em_casa manda_tecnico reparo_de_placa
        trocar_a_sola colar_a_sola
    """,
    "technician": "tecnico visita_tecnica tecnico_em_casa manda_tecnico",
    "authorised": "autorizada assistencia_autorizada",
    "repairprice": """
        orcamento cobram_para_olhar cobra_para_olhar cobra_para_ver so_para_olhar ver_o_defeito taxa_de_visita
        se_nao_arrumar nao_quiser_arrumar nao_quiser_consertar se_eu_nao_aprovar nao_tiver_conserto nao_aprovar
        valor_do_conserto
    """,
    "quote": """
        cobram_para_olhar cobra_para_olhar cobra_para_ver ver_o_defeito valor_do_conserto nao_quiser_arrumar nao_aprovar
    """,
    "extendedwarranty": "garantia_estendida aumentar_a_garantia mais_garantia estender_a_garantia seguro_garantia",
    "genuine": "original replica autentico falso falsificado primeira_linha genuino legitimo procedencia similar",
    "sparepart": "peca_de_reposicao pecas_de_reposicao peca_avulsa vende_a_peca vendem_a_peca so_a_peca pecinha",
    "abandoned": "nao_retirado nao_retirados nao_busquei esqueci_de_buscar esqueci_de_pegar esqueci_de_retirar",
    "pickup": "nao_retirado nao_retirados esqueci_de_buscar esqueci_de_pegar esqueci_de_retirar passo_pegar",
    "orderstatus": "andamento ja_ficou_pronto ficou_pronto ta_pronto ja_ta_pronto esta_pronto ja_esta_pronto",
    "ready": "ja_ficou_pronto ficou_pronto ta_pronto ja_ta_pronto esta_pronto ja_esta_pronto",
    "loaner": "aparelho_reserva emprestar",
    "weightlimit": "aguenta suporta_quantos suporta_quanto suporta_ate peso_maximo carga_maxima capacidade_de_peso",
    "size": """
        tirar_medida tirar_a_medida tirar_as_medidas tiramos_as_medidas #_x_# #_por_# plus_size tamanho_grande
        tamanhos_grandes tabela_de_medidas calco_# visto_# uso_# busto quadril cintura manequim gg xg pp comprimento
        largura altura espessura cabe_no cabe_na cabe_em polegadas numero_do_anel medida_do_dedo aro_do_anel
        tamanho_do_anel tamanho_do_quadro
    """,
    "instructions": "manual manuais instrucao como_usar como_usa como_se_usa modo_de_usar passo_a_passo tutorial",
    "bespoke": "medir_o_ambiente projeto_3d modulado marcenaria marceneiro sob_encomenda",
    "sitemeasure": """
        tirar_medida tirar_as_medidas tirar_a_medida tiramos_as_medidas medir_o_ambiente medir_em_casa vem_medir
        vao_medir
    """,
    "home": """
        medir_em_casa vem_medir vao_medir tecnico_em_casa manda_tecnico visita_tecnica provar_em_casa
        experimentar_em_casa
    """,
    "assembly": "desmontar desmontagem vem_montado vem_montada parafusar",
    "worker": "montador pedreiro pintor eletricista encanador azulejista quem_instala quem_coloca quem_faz_o_servico",
    "upstairs": "predio cabe_na_porta passa_na_porta pela_janela",
    "disposal": "levam_o_velho leva_o_velho retiram_o_velho retirar_o_velho pegam_o_velho movel_velho colchao_velho",
    # Clothes, underwear, shoes.
    "garment": """
        regata cropped macacao jardineira short legging cardigan sueter blazer colete terno sobretudo bata tunica look
        traje pijama agasalho trocar_calcinha troca_calcinha vestido_de_festa vestido_longo roupa_de_festa roupa_social
        roupa_de_frio roupa_de_academia roupa_de_dormir camisa_de_time camisas_de_time camisa_de_futebol
        camisa_da_selecao
    """,
    "plussize": "plus_size tamanho_grande tamanhos_grandes gordinha xg exg g1 g2 g3 tamanhos_especiais",
    "formal": "terno paleto smoking alfaiataria gravata traje_social roupa_social esporte_fino blazer",
    "partydress": "vestido_de_festa vestido_longo moda_festa roupa_de_festa madrinha formatura debutante",
    "wedding": "casamento vestido_de_noiva vestidos_de_noiva padrinho madrinha daminha pajem",
    "fabric": "tecido algodao viscose linho poliester elastano lycra laicra cetim veludo sarja microfibra composicao",
    "winter": "inverno roupa_de_frio agasalho moda_inverno tricot trico casaco cachecol sobretudo para_o_frio",
    "swimwear": "biquini sunga moda_praia saida_de_praia canga roupa_de_banho roupa_de_praia traje_de_banho",
    "gymclothes": "roupa_de_academia roupa_fitness moda_fitness legging roupa_de_ginastica",
    "underwear": """
        lingerie sutia cueca moda_intima roupa_intima roupas_intimas peca_intima pecas_intimas roupa_de_baixo bojo
        corpete espartilho calcinha_e_sutia calcinhas_e_sutias trocar_calcinha troca_calcinha
    """,
    "sleepwear": "pijama camisola baby_doll short_doll roupa_de_dormir robe",
    "shapewear": "cinta modelador shapewear cinta_modeladora pos_cirurgico pos_cirurgica",
    "men": "masculino para_homem para_homens de_homem para_meu_marido para_o_meu_marido para_meu_pai",
    "child": "nenem recem_nascido recem_nascida",
    "onapproval": """
        condicional provar_em_casa experimentar_em_casa levar_para_provar levar_para_experimentar levar_para_ver
        levar_para_escolher levo_para_provar malinha mandar_sacola
    """,
    "trial": "provar_em_casa experimentar_em_casa levar_para_provar levar_para_experimentar levo_para_provar",
    "cutfit": "modelagem caimento forma_pequena forma_grande fica_apertado fica_largo fica_justo elastano laceia",
    "shrink": "desbota encolhe solta_tinta soltar_tinta soltou_tinta bolinhas",
    "alter": """
        costureira alfaiate subir_a_barra apertar_a_cintura diminuir_a_cintura trocar_o_ziper troca_de_ziper
        trocam_ziper trocar_ziper conserto_de_roupa pregar_botao diminuir_o_anel
    """,
    "uniform": "jaleco scrub abada roupa_de_trabalho uniforme_de_time uniforme_para_time jogo_de_camisas",
    "shoes": """
        mocassim rasteirinha tamanco crocs papete alpargata coturno botina scarpin salto sapatenis chuteira pantufa
        havaianas tenis_de_corrida tenis_para_correr tenis_para_caminhada tenis_de_academia trocar_a_sola colar_a_sola
    """,
    "sportshoes": "tenis_de_corrida tenis_para_correr tenis_para_caminhada tenis_de_academia chuteira",
    "safety": "botina bico_de_aco bico_de_pvc bota_de_seguranca sapato_de_seguranca calcado_de_seguranca epi epis",
    "comfortshoes": "joanete esporao ortopedico palmilha confortavel pe_largo pes_largos pe_inchado nao_machuca",
    "shoerepair": "sapateiro trocar_a_sola colar_a_sola conserto_de_sapato conserto_de_calcados engraxar",
    # Bags, jewels, watches.
    "bag": "bolsa mochila pochete necessaire clutch tiracolo carteira_masculina carteira_feminina mochila_de_carrinho",
    "luggage": "mala bagagem mala_de_bordo mala_de_rodinha mala_de_rodinhas",
    "schoolbag": "mochila lancheira estojo rodinha mochila_de_carrinho",
    "accessory": "acessorio bijuteria bijus cinto lenco cachecol bone chapeu chapeus tiara presilha semijoia",
    "jewel": """
        joia joalheria anel aneis brinco colar_de_ouro colar_de_perolas gargantilha pulseira pingente tornozeleira
        corrente_de_ouro cordao_de_ouro escapulario semijoia berloque alianca numero_do_anel medida_do_dedo
        diminuir_o_anel
    """,
    "weddingring": "alianca noivado anel_de_noivado anel_de_compromisso alianca_de_compromisso solitario",
    "ringsize": "medir_o_dedo numero_do_anel tamanho_do_anel medida_do_dedo aro_do_anel aneleira diminuir_o_anel",
    "gold": "ouro 18k 10k 14k corrente_de_ouro colar_de_ouro cordao_de_ouro compram_ouro compra_ouro compramos_ouro",
    "plated": "banhado_a_ouro banhada_a_ouro banhados_a_ouro folheado semijoia banho_de_ouro banho_de_rodio",
    "jewelcare": "polir polimento dar_brilho perdeu_o_brilho perde_o_brilho banho_de_rodio banho_de_ouro perde_a_cor",
    "goldbuying": "compram_ouro compra_ouro compramos_ouro ouro_velho joia_usada joia_quebrada derreter por_grama",
    "gem": "diamante brilhantes zirconia esmeralda perola cravejado cravar cravacao pedrinha",
    "allergy": "alergia hipoalergenico antialergico niquel coceira",
    "watch": "relogio smartwatch bateria_do_relogio bateria_de_relogio pulseira_do_relogio apple_watch galaxy_watch",
    "smartwatch": "smartwatch relogio_inteligente relogios_inteligentes apple_watch galaxy_watch smartband mi_band",
    "waterproof": "a_prova_de_agua a_prova_d_agua prova_d_agua resistente_a_agua pode_molhar posso_molhar impermeavel",
    # Baby, toys, stationery.
    "baby": """
        bebe nenem recem_nascido recem_nascida maternidade rn roupa_de_bebe enxoval_de_bebe body mijao cueiro babador
        saida_de_maternidade mala_maternidade quarto_do_bebe
    """,
    "babyclothes": "roupa_de_bebe body mijao cueiro babador macacao saida_de_maternidade",
    "layette": "enxoval enxovais enxoval_de_bebe mala_maternidade saida_de_maternidade",
    "stroller": "carrinho_de_bebe carrinho_do_bebe carrinho_para_bebe carrinhos_de_bebe carrinho_de_passeio moises",
    "carseat": "cadeirinha bebe_conforto cadeirinha_de_carro cadeirinha_para_carro cadeirinha_do_carro isofix",
    "crib": "berco mini_berco cercadinho chiqueirinho quarto_do_bebe",
    "babyfeeding": "mamadeira chupeta copo_de_transicao cadeirao cadeira_de_alimentacao papinha bomba_de_leite",
    "diaper": "fralda trocador lenco_umedecido lencos_umedecidos pampers huggies",
    "toy": """
        brinquedo boneca barbie lego hot_wheels blocos_de_montar carrinho_de_controle carrinho_de_brinquedo
        quebra_cabeca jogo_de_tabuleiro jogos_de_tabuleiro massinha slime dinossauro velotrol triciclo patinete pipa
        fantoche pelucia educativo
    """,
    "boardgame": "jogo_de_tabuleiro jogos_de_tabuleiro tabuleiro baralho domino xadrez uno quebra_cabeca",
    "age": "a_partir_de_quantos_anos a_partir_de_que_idade indicado_para para_#_anos",
    "battery": "bateria pilha bateria_do_relogio bateria_de_relogio descarrega acaba_rapido estufou nao_segura_carga",
    "copies": "xerox xerocar copia copiadora fotocopia reprografia imprimir impressao impresso imprimir_boleto",
    "scan": "digitalizar escanear scanner",
    "plot": "plotagem plotar a0 a1 a2 a3 planta_baixa planta_de_casa grandes_formatos grande_formato formato_grande",
    "banner": "banner lona adesivo",
    "binding": "encadernar espiral wire_o capa_dura",
    "thesis": "tcc monografia dissertacao trabalho_de_conclusao trabalho_de_faculdade trabalho_da_faculdade capa_dura",
    "laminate": "plastificar polaseal",
    "idphoto": """
        3x4 5x7 foto_#_x_# foto_#_por_# foto_para_documento foto_para_passaporte foto_na_hora tiram_foto tirar_foto
    """,
    "photo": """
        foto_#_x_# foto_#_por_# foto_para_documento foto_para_passaporte foto_na_hora tiram_foto tirar_foto
        imprimir_foto impressao_de_fotos
    """,
    "photoprint": "revelar imprimir_foto impressao_de_fotos papel_fotografico 10x15 13x18 15x21 polaroid",
    "typing": "digitar curriculo fazer_curriculo faz_curriculo fazem_curriculo fazer_um_curriculo montar_curriculo",
    "secondcopy": "segunda_via 2a_via certidao antecedentes nada_consta conta_de_luz conta_de_agua imprimir_boleto",
    "stamp": "carimbo tinta_do_carimbo tinta_de_carimbo tinta_para_carimbo",
    "schoollist": "lista_de_material material_escolar materiais_escolares lista volta_as_aulas",
    "schoolsupplies": """
        material_escolar materiais_escolares lista_de_material artigos_escolares caneta lapis caderno estojo apontador
        lapis_de_cor hidrocor giz_de_cera marca_texto corretivo grampeador fichario
    """,
    "art": """
        guache aquarela pincel pinceis tela_para_pintura tela_de_pintura tela_para_pintar pintar_tela pintar_quadro
        cavalete canson posca desenho artesanato tinta_de_tecido tinta_para_tecido lapis_de_cor
    """,
    "craftpaper": "cartolina crepom crepon papel_de_seda papel_seda color_set celofane eva tnt papel_cartao",
    "ream": "sulfite resma chamex papel_a4 folha_a4 folhas_a4",
    "balloon": "balao bexiga bola_de_festa encher_bola enchem_bola enche_bola helio",
    "partysupplies": "descartavel vela_de_aniversario artigos_de_festa balao bexiga decoracao_de_festa bola_de_festa",
    "party": "artigos_de_festa vela_de_aniversario decoracao_de_festa bola_de_festa",
    "label": "etiqueta rotulo adesivo_com_nome nome_no_material nome_nos_materiais",
    "textbook": "didatico paradidatico livro_da_escola livro_escolar livro_de_matematica livro_de_portugues apostila",
    "book": "livro_da_escola livro_escolar livro_de_matematica livro_de_portugues romance literatura gibi quadrinho hq",
    "printer": "tinta_para_impressora tinta_de_impressora recarga_de_cartucho multifuncional",
    "refill": "refil recarregar recarga_de_cartucho reabastecer",
    "businesscard": "cartao_de_visita cartoes_de_visita panfleto flyer folheto grafica milheiro mil_cartoes",
    "teacher": "docente pedagoga educador",
    # Furniture, mattresses, appliances.
    "furniture": """
        estante rack comoda criado_mudo aparador escrivaninha sapateira poltrona puff banqueta cristaleira beliche
        bicama cabeceira painel_de_televisao mesa_de_jantar conjunto_de_jantar mesa_de_escritorio cadeira_de_escritorio
        movel_velho marcenaria
    """,
    "tvstand": "rack painel_de_televisao suporte_de_televisao suporte_para_televisao",
    "television": "painel_de_televisao suporte_de_televisao suporte_para_televisao smartv",
    "sofa": "poltrona retratil reclinavel chaise puff capa_de_sofa capa_para_sofa reforma_de_sofa",
    "upholstery": "tapeceiro tapecaria estofador trocar_o_tecido reforma_de_sofa reforma_de_estofados",
    "mattress": "colchao pillow_top box_bau cama_box molas_ensacadas mola_ensacada colchao_velho",
    "mattresstype": "mola espuma densidade d33 d28 d45 ortopedico ensacada molas_ensacadas mola_ensacada firme macio",
    "sleeptrial": "noites_de_teste #_noites adaptacao",
    "wood": "madeira mdf mdp compensado macica pinus caibro cortam_madeira corte_de_madeira cortam_mdf corte_de_mdf",
    "appliance": """
        eletrodomestico eletro eletroportatil linha_branca geladeira refrigerador freezer frigobar fogao cooktop
        microondas micro_ondas lavadora lava_e_seca lava_loucas secadora tanquinho maquina_de_lavar maquinas_de_lavar
        coifa depurador liquidificador batedeira airfryer air_fryer fritadeira cafeteira sanduicheira aspirador
        ferro_de_passar
    """,
    "fridge": "geladeira refrigerador freezer frigobar gelando parou_de_gelar nao_gela degelo",
    "washer": "lavadora lava_e_seca tanquinho maquina_de_lavar maquinas_de_lavar nao_centrifuga maquina_de_roupa",
    "stove": "fogao cooktop #_bocas acendedor queimador forno_eletrico",
    "waterfilter": "purificador bebedouro filtro_de_agua refil_do_filtro vela_do_filtro",
    "voltage": "voltagem bivolt volts volt 110v 127v 220v 110 127 220 e_#_ou_#",
    "energy": "gasta_muita_luz gasta_muita_energia gasta_luz gasta_energia consumo_de_energia procel inverter",
    "cooling": "split btus",
    # Phones, computers, games.
    "phone": """
        aparelho galaxy xiaomi samsung motorola celular_velho prender_o_celular segurar_o_celular suporte_para_celular
    """,
    "screen": "touch frontal lcd oled trincou_o_vidro quebrou_o_vidro vidro_trincado mancha_na_tela linha_na_tela",
    "chargeport": """
        conector entrada_do_carregador entrada_de_carga nao_carrega nao_ta_carregando parou_de_carregar carrega_devagar
        mau_contato mexendo_no_fio mexer_no_fio
    """,
    "charger": "tipo_c usb_c lightning carregador_portatil power_bank powerbank",
    "powerbank": "power_bank powerbank carregador_portatil bateria_externa",
    "phoneaccessory": """
        acessorio capinha pelicula carregador cabo_usb fone fone_de_ouvido headset suporte_veicular suporte_para_celular
        caixinha_de_som cartao_de_memoria power_bank powerbank carregador_portatil prender_o_celular segurar_o_celular
        fone_sem_fio
    """,
    "case": "capa capinha case antichoque anti_impacto",
    "film": "hidrogel privacidade espiao protetor_de_tela ninguem_ve ninguem_veja",
    "headphones": "fone fone_de_ouvido fones_de_ouvido headset airpods fone_sem_fio bluetooth",
    "speaker": "caixa_de_som caixas_de_som caixinha_de_som caixa_bluetooth jbl soundbar alto_falante",
    "memory": "cartao_de_memoria cartoes_de_memoria cartao_sd micro_sd pen_drive pendrive hd_externo",
    "wet": """
        molhado caiu_na_agua caiu_na_piscina caiu_no_vaso caiu_na_privada caiu_agua entrou_agua derramou_agua
        derramei_agua derrubou_agua derrubei_agua derrubei_na_piscina derrubei_na_privada oxidado desoxidacao
        banho_quimico contato_com_agua contato_com_liquido
    """,
    "motherboard": """
        placa_mae placa_logica em_placa problema_de_placa problema_na_placa reparo_de_placa microsolda fica_reiniciando
        reinicia_sozinho desliga_sozinho na_logo
    """,
    "format": "reset restaurar_de_fabrica virus lento lentidao lerdo esta_travando ta_travando fica_travando",
    "unlock": "desbloquear desbloqueio esqueci_senha tirar_senha tirar_a_senha icloud conta_google conta_do_google",
    "data": """
        backup transferencia_de_dados transferir_dados passar_contatos passar_as_fotos passar_as_coisas passam_as_coisas
        passar_tudo passam_tudo passar_os_dados recuperar_dados recuperacao_de_dados recuperar_fotos recuperar_as_fotos
        apaguei apagado perdi_as_fotos arquivos
    """,
    "sim": "chip chips esim operadora da_vivo da_claro tim vivo_claro portabilidade",
    "topup": "recarga_de_celular recarga_da_tim recarga por_credito colocar_credito bilhete_unico recarga_de_bilhete",
    "audiopart": "microfone alto_falante auricular nao_sai_som sem_som nao_escuto nao_me_ouvem ninguem_me_escuta",
    "cctv": "camera_de_seguranca cameras_de_seguranca cftv dvr alarme",
    "computer": "macbook pc_gamer chromebook",
    "network": "roteador modem repetidor configurar_o_wifi sinal_do_wifi cabo_de_rede",
    "remote": "acesso_remoto remotamente anydesk teamviewer sem_levar_o_computador",
    "console": "videogame video_game video_games console playstation ps3 ps4 ps5 xbox nintendo switch play_#",
    "videogame": "game jogos_de_ps4 jogos_de_ps5 jogo_de_ps4 jogo_de_ps5 jogos_usados midia_fisica midia_digital",
    # Building, paint, tools, light.
    "cement": "cimento concreto argamassa reboco cal",
    "sand": "areia brita pedrisco cascalho po_de_pedra agregados",
    "brick": "tijolo bloco lajota",
    "flooring": "piso porcelanato ceramica revestimento azulejo ladrilho pastilha laminado vinilico rodape",
    "tiling": "argamassa rejunte ac1 ac2 ac3 assentar",
    "plumbing": "cano tubo conexao torneira sifao valvula hidraulico encanamento pvc esgoto",
    "sanitary": "vaso_sanitario vasos_sanitarios bacia_sanitaria privada caixa_acoplada cuba lavatorio louca_sanitaria",
    "watertank": "caixa_d_agua caixas_d_agua caixa_dagua caixa_de_agua reservatorio",
    "electrical": "fio fios cabo_eletrico disjuntor interruptor eletrica fiacao eletroduto conduite quadro_de_luz",
    "doors": "porta janela esquadria portao batente vitro",
    "damp": "infiltracao umidade mofo bolor goteira vedar impermeabilizante manta_asfaltica laje descascando",
    "building": "obra construcao construir reformando construtora empreiteira engenheiro arquiteto pedreiro",
    "metre": "metro m2 m3 metragem",
    "yield": "rende rendimento calcular quantos_sacos quantos_tijolos quantas_latas quanto_de_tinta quanto_de_piso",
    "cuttosize": """
        cortam_madeira corte_de_madeira cortam_mdf corte_de_mdf corte_de_vidro cortado_na_medida cortam_na_medida
        cortar_na_medida corta_no_tamanho cortam_no_tamanho serrar plano_de_corte
    """,
    "toolrent": "betoneira andaime escora martelete rompedor",
    "paint": """
        tinta pintar_parede pintar_casa pintar_minha_casa pintar_o_quarto pintar_portao latex acrilica suvinil coral
        massa_corrida selador textura grafiato demao fazem_a_cor fazer_a_cor maquina_de_tinta fosco acetinado
    """,
    "tinting": "fazem_a_cor fazer_a_cor maquina_de_tinta cor_personalizada leque_de_cores cartela_de_cores",
    "color": "fazem_a_cor fazer_a_cor cor_personalizada leque_de_cores cartela_de_cores",
    "tool": "ferramenta furadeira parafusadeira martelo alicate esmerilhadeira lixadeira trena broca chave_de_fenda",
    "lock": "fechadura cadeado trinco macaneta dobradica trocar_o_segredo troca_de_segredo segredo",
    "keycopy": "copia_de_chave copias_de_chave copia_de_chaves faz_chave fazem_chave chaveiro chave_codificada",
    "sharpen": "afiar afiacao amolar",
    "lamp": "lampada led leds luminaria arandela abajur refletor iluminacao luz_branca luz_amarela luz_fria luz_quente",
    "lightcolour": "branco_quente branco_frio luz_branca luz_amarela luz_fria luz_quente temperatura_de_cor kelvin",
    # Garden and farm.
    "plant": "planta mudas_de muda_de_flor muda_de_fruta suculenta cacto samambaia folhagem frutifera arvore",
    "garden": "jardim jardinagem jardineiro paisagismo gramado horta podar",
    "fertilizer": "adubo fertilizante npk esterco humus",
    "soil": "terra_vegetal terra_preta terra_adubada terra_para_planta terra_para_vaso substrato",
    "pesticide": """
        veneno agrotoxico defensivo herbicida inseticida formicida raticida glifosato roundup mata_mato mata_barata
        veneno_de_barata veneno_para_barata praga formiga rato cupim lagarta pulgao
    """,
    "prescription": "receituario agronomo",
    "feed": """
        racao sal_mineral farelo quirera silagem milho comida_de_cachorro comida_para_cachorro comida_de_gato
        comida_para_gato comida_de_galinha comida_para_galinha alpiste
    """,
    "cattle": "gado boi bois vaca bezerro bovino novilha pecuaria",
    "poultry": "galinha pintinho ave aves poedeira codorna galinheiro frango_caipira",
    "horse": "cavalo egua potro equino ferradura arreio sela montaria",
    "farmmedicine": "vermifugo ivermectina carrapaticida bernicida mata_bicheira aftosa brucelose remedio_de_gado",
    "parasites": "carrapaticida",
    "fence": "cerca arame mourao alambrado tela_de_galinheiro tela_para_galinheiro tela_de_alambrado",
    "gardenmachine": "rocadeira motosserra cortador_de_grama maquina_de_cortar_grama maquina_de_grama podador stihl",
    # Curtains, decoration, household.
    "curtain": "cortina persiana blackout varao voil",
    "rug": "tapete carpete passadeira capacho",
    "wallpaper": "papel_de_parede papeis_de_parede adesivo_de_parede",
    "pictureframe": "moldura emoldurar porta_retrato porta_retratos quadro_decorativo quadros_decorativos",
    "decor": "decoracao enfeite adorno designer_de_interiores",
    "scent": "aromatizador difusor vela_aromatica velas_aromaticas vela_perfumada home_spray incenso",
    "linen": "fronha edredom edredon colcha cobre_leito cobertor jogo_de_cama cama_mesa_e_banho cama_e_banho",
    "blanket": "edredom edredon cobertor manta colcha coberta cobre_leito",
    "towel": "cama_mesa_e_banho cama_e_banho roupao",
    "cookware": "panela frigideira cacarola leiteira antiaderente teflon assadeira forma_de_bolo panela_de_pressao",
    "cookwarepart": "borracha_da_panela borracha_de_panela valvula_da_panela cabo_da_panela panela_de_pressao",
    "tableware": "talher faqueiro xicara aparelho_de_jantar jogo_de_pratos jogo_de_copos jogo_de_tacas porcelana louca",
    "ovensafe": "vai_ao_forno vai_no_forno pode_ir_ao_forno pode_ir_no_forno vai_ao_microondas vai_no_microondas",
    # Music, bicycles, sport.
    "instrument": """
        instrumento violao guitarra contrabaixo piano cavaquinho ukulele flauta saxofone violino sanfona pandeiro
        percussao bateria_acustica bateria_eletronica aula_de_musica
    """,
    "class": "aula_de_musica",
    "luthier": "luthier regulagem trastejando traste afinar trocar_as_cordas trocam_as_cordas troca_de_cordas",
    "bike": "bicicleta bike magrela bici mtb ciclista ciclismo pedalar bicicleta_eletrica bike_eletrica",
    "tuneup": "revisao regulagem regulam desregulado marcha_pulando lubrificar roda_empenada",
    "puncture": "furou_o_pneu pneu_furado pneu_furou remendo remendar camara_de_ar camaras_de_ar calibrar",
    "sportsgoods": "artigos_esportivos material_esportivo materiais_esportivos bola_de_futebol bola_de_volei chuteira",
    "weights": "halter anilha kettlebell colchonete esteira bicicleta_ergometrica ergometrica",
    "teamshirt": "camisa_de_time camisas_de_time camisa_de_futebol camisa_da_selecao",
    "fishing": "pesca anzol isca molinete carretilha",
}
