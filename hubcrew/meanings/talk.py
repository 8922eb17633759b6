"""How do people talk of what they ask of any shop: money, ways, times, permission, and what can go wrong?"""

GROUPS = {
    "price": """
        sai_a_quanto sai_por_quanto sai_quanto fica_quanto fica_por_quanto ta_quanto ta_a_quanto ta_saindo quanto_sairia
        quanto_ficam quanto_sao quanto_eu_pago quanto_vou_pagar quanto_tenho_que_pagar quanto_mais_ou_menos paga_quanto
        pago_quanto vou_pagar_quanto me_passa_um_valor passa_o_valor passar_um_valor manda_o_preco manda_o_valor
        manda_os_valores pago_a_parte cobrado_a_parte cobrada_a_parte e_a_parte investimento
    """,
    "surcharge": "acrescimo adicional a_mais pago_a_parte cobrado_a_parte cobrada_a_parte cobram_a_parte",
    "promotion": """
        preco_melhor melhor_preco menor_preco preco_bom preco_camarada preco_especial bom_preco por_menos
        melhorar_o_preco melhora_o_preco abaixar_o_preco abaixa_o_preco baixar_o_preco abaixa_um_pouco faz_por_#
        deixa_por_# pechinchar negociavel ponta_de_estoque bota_fora outlet descontao se_eu_levar_# se_levar_# levando_#
        comprando_# pegando_# pela_metade metade_do_preco outra_promocao outras_promocoes ja_remarcados faz_um_precinho
        faz_um_preco dois_descontos outro_desconto mais_de_um_cupom mais_de_um_desconto juntar_os_descontos
        negociar_o_preco negociar_o_valor
    """,
    "payment": """
        transferir qual_a_chave qr_code copia_e_cola manda_o_pix manda_a_chave cartao_virtual nubank paypal
        maquina_de_cartao maquineta pagar_depois pago_depois paga_depois pagar_na_hora pago_na_hora paga_na_hora
        pagar_antes pago_antes paga_antes pagar_quando pago_quando pagar_ai pagar_na_entrega pago_na_entrega
        paga_na_entrega pagar_na_retirada pagar_metade acertar_depois acertar_no acertar_na acertar_com acertar_quando
        acerto_depois acerto_no acerto_na acerto_com acerto_quando metade_no metade_na parte_no parte_na um_pouco_no
        dois_cartoes #_cartoes mais_de_um_cartao cartoes_diferentes duas_formas parte_em #_x #_vezes crediario caderneta
        a_prazo
    """,
    "paytime": """
        pagar_depois pago_depois paga_depois pagar_na_hora pago_na_hora paga_na_hora pagar_antes pago_antes paga_antes
        antes_ou_depois depois_do_servico pagar_quando pago_quando pagar_ai pagar_na_entrega pago_na_entrega
        paga_na_entrega pagar_na_retirada acertar_depois acertar_quando acerto_depois acerto_quando pagar_adiantado
        pago_adiantado antecipado adiantado no_final_do_servico so_recebo_dia_# recebo_dia_#
    """,
    "credit": """
        pagar_mes_que_vem pago_mes_que_vem pagar_semana_que_vem pagar_no_dia_# pagar_dia_# pagar_depois pago_depois
        no_dia_do_pagamento quando_sair_o_pagamento quando_cair_o_pagamento anotar_na_conta marcar_na_conta pendurar
        boleto_parcelado cartao_da_loja levo_e_pago negativado nome_sujo spc serasa analise_de_credito financiamento
        so_recebo_dia_# recebo_dia_#
    """,
    "installments": "em_duas_vezes em_tres_vezes em_dez_vezes em_doze_vezes faz_em_quantas sem_acrescimo com_acrescimo",
    "deposit": "metade_antes pagar_metade #_por_cento_antes pagar_adiantado pagar_antes garantir_a_vaga de_entrada",
    "voucher": "caju ifood_refeicao pluxee vale_cultura cartao_alimentacao cartao_refeicao vale_da_empresa",
    "giftcard": "vale_presente cartao_presente gift_card vale_compras esse_vale um_vale o_vale do_vale vale_de_#",
    "gift": "para_presente mimo ganhei_de_presente presente_que_ganhei vale_presente cartao_presente",
    "wrapping": "embalado_para_presente sacola_de_presente caixa_de_presente lacinho sacolinha pacote_de_presente",
    "note": "um_cartaozinho cartao_escrito cartao_com_mensagem cartao_personalizado escrevem_um_cartao com_um_cartao",
    "surprise": "surpresa surpreender anonimo sem_identificar",
    "loyalty": """
        selinho selo carimbo juntar_pontos acumular_pontos meus_pontos ganho_pontos ganha_pontos ganhar_pontos
        trocar_pontos trocar_os_pontos resgatar_pontos pontos_vencem cartao_fidelidade cartao_de_fidelidade
        tem_fidelidade programa_de_vantagens cliente_antigo cliente_fiel cliente_frequente cliente_vip compro_sempre
        recompensa fidelizacao
    """,
    "bonus": "mimo sorteio",
    "raffle": "sorteio sortear rifa",
    "birthday": "aniversario faco_anos fazer_anos faz_anos mes_do_aniversario mes_de_aniversario meu_aniversario",
    "party": "comemorar confraternizacao",
    "newcomer": "primeira_compra primeira_vez primeira_visita cliente_novo novo_cliente nunca_comprei nunca_fui",
    "referral": """
        indicar_um indicar_uma indicar_alguem indicar_amigo eu_indico eu_indicar quem_indica quem_indicar indiquei
        por_indicacao cada_indicacao programa_de_indicacao indica_um_amigo indicacao_de_amigo levar_um_amigo
        levar_uma_amiga trazer_um_amigo trouxer_um_amigo chamar_um_amigo
    """,
    "agreement": """
        convenio parceria empresa_conveniada prefeitura servidor funcionario_publico funcionaria_publica
        funcionarios_publicos servidor_publico sindicato sindicalizado associado oab minha_empresa_tem
        trabalho_no_hospital trabalho_no_banco para_quem_trabalha sesc
    """,
    "military": "policial policiais militar bombeiro exercito guarda_municipal seguranca_publica forcas_armadas",
    "student": "universitario universitaria meia_entrada carteirinha_de_estudante sou_estudante faco_faculdade",
    "elderly": "idoso terceira_idade melhor_idade aposentado pensionista pessoa_de_idade senhor_de_idade",
    "wholesale": "lojista consignado por_duzia grande_quantidade grandes_quantidades muita_quantidade distribuidor",
    "corporate": """
        corporativo empresarial pessoa_juridica pj para_empresas minha_firma minha_empresa da_firma os_funcionarios
        nossa_empresa para_firma meus_funcionarios empresariais para_empresa brinde_corporativo
    """,
    "minimum": "pelo_menos comprar_so_um comprar_so_uma so_uma_unidade pouca_quantidade pequena_quantidade",
    "unitwise": "por_unidade a_unidade unitario avulso so_uma_unidade vende_separado vendem_separado por_peca",
    "set": "kit kits combo conjunto",
    "free": "sem_compromisso na_faixa nao_tem_custo e_pago_ou_gratis nao_cobram nao_pagam",
    "invoice": """
        notinha perdi_a_nota perdi_a_notinha perdi_o_cupom sem_a_nota sem_a_nota_fiscal sem_nota sem_nota_fiscal
        sem_cupom_fiscal nao_tenho_a_nota nao_tenho_mais_a_nota nao_tenho_nota
    """,
    "quote": "me_passa_um_valor passar_um_valor passa_o_valor ideia_de_preco sem_compromisso",
    "delivery": """
        voces_trazem voce_traz quem_traz traz_aqui trazem_aqui trazer_aqui traz_em_casa trazem_em_casa trazer_em_casa
        vem_trazer trazer_ate vem_deixar deixam_em_casa deixa_em_casa deixar_em_casa remessa boy chega_no_mesmo_dia
        que_horas_chega que_horas_entregam traz_aqui_em_casa trazem_aqui_em_casa trazer_aqui_em_casa entregam_em_casa
        entrega_em_casa entregar_em_casa tele_entrega teleentrega
    """,
    "carrier": "quem_traz quem_leva motoboy motoboys motoqueiro",
    "area": """
        regiao bairro cidade municipio moro_em moro_no moro_na moramos_em deslocamento distancia quilometros
        vem_em vem_no vem_na zona_norte zona_sul zona_leste zona_oeste area_de_atendimento perto_daqui
    """,
    "far": """
        moro_longe fora_do_estado fora_da_cidade para_fora todo_o_pais qualquer_cidade pelo_correio
        pelos_correios nordeste mg sc ba df qualquer_estado sudeste ms campinas guarulhos uberlandia joinville
        londrina maringa niteroi jundiai sorocaba
    """,
    "abroad": "outro_pais exterior internacional fora_do_brasil fora_do_pais portugal estados_unidos europa argentina",
    "rural": "zona_rural area_rural na_roca estrada_de_terra",
    "building": "predio condominio apartamento edificio",
    "sameday": """
        mesmo_dia ainda_hoje hoje_mesmo para_hoje chega_no_mesmo_dia de_um_dia_para_o_outro de_hoje_para_amanha
    """,
    "tracking": "onde_esta_meu_pedido onde_ta_meu_pedido onde_ta_minha onde_ta_meu ver_onde_ta sei_onde_ta andamento",
    "freight": "carreto taxa_de_deslocamento",
    "absent": """
        ninguem_em_casa nao_estiver_em_casa nao_tiver_em_casa nao_tiver_ninguem nao_tiver_ninguem_em_casa
        nao_houver_ninguem nao_houver_ninguem_em_casa nao_vai_ter_ninguem nao_tem_ninguem nao_ter_ninguem
        nao_estou_em_casa ninguem_atender ninguem_para_receber ninguem_no_local se_eu_nao_estiver trabalho_o_dia_todo
        trabalho_o_dia_inteiro fora_o_dia_todo ausente ausencia alguem_para_receber alguem_em_casa deixar_na_portaria
        na_portaria porteiro vizinho nova_tentativa tentativa_de_entrega estar_em_casa tem_que_ter_alguem
        precisa_ter_alguem se_ela_nao_estiver se_ele_nao_estiver se_ela_nao_estiver_em_casa se_ele_nao_estiver_em_casa
        ta_em_casa
    """,
    "otherperson": """
        outra_pessoa qualquer_pessoa terceiro no_meu_lugar por_mim em_meu_nome mandar_alguem mandar_outra_pessoa
        meu_marido_pode minha_mae_pode minha_irma_pode minha_esposa_pode meu_filho_pode minha_filha_pode meu_pai_pode
        meu_esposo_pode vizinha_pode porteiro na_portaria
    """,
    "pickup": "passar_na_loja passo_na_loja pego_ai pego_na_loja pegar_para_mim nao_buscar nao_retirado",
    "collect": """
        vem_buscar voces_buscam buscam_em_casa buscar_aqui buscar_em_casa leva_e_traz levam_e_trazem busca_e_entrega
        buscam_e_entregam retiram_em_casa retirar_em_casa pegam_em_casa pegar_em_casa vem_pegar buscamos_em_casa
        buscamos_na_sua_casa buscamos_o buscamos_a buscamos_seu buscamos_sua fazem_coleta coleta_em_casa
        coleta_e_entrega
    """,
    "home": "vem_na_minha_casa no_local vir_aqui vir_em_casa na_casa_do_cliente na_sua_casa quem_vem leva_e_traz",
    "visit": "visita vir_olhar vir_ver vem_ver vem_olhar ir_olhar ir_ver dar_uma_olhada vir_avaliar vem_medir",
    "hours": """
        qual_horario qual_o_horario que_horario quais_horarios quais_os_horarios ate_que_horas_ficam ate_quando_ficam
        tao_trabalhando estao_trabalhando ta_trabalhando trabalham_hoje trabalha_hoje trabalham_no_feriado trabalham_ate
        atendem_ate_que tao_atendendo estao_atendendo ta_atendendo atendendo_hoje atendem_hoje atendendo_agora
        tem_alguem_ai tem_gente_ai posso_ir_agora ir_agora_ai posso_passar_agora ainda_da_tempo da_tempo_de
        saio_do_trabalho saio_do_servico saio_do_trampo saio_tarde saio_as_# saio_so_as_# so_saio largo_as_# so_largo
        depois_do_expediente depois_do_trabalho depois_do_servico depois_do_trampo ate_mais_tarde ate_tarde
        fecham_para_almoco fecha_para_almoco hora_do_almoco plantao a_noite de_noite
    """,
    "evening": """
        noturno fim_da_tarde final_da_tarde fim_do_dia final_do_dia saio_do_trabalho saio_do_servico saio_do_trampo
        saio_tarde depois_do_expediente depois_do_trabalho depois_do_servico depois_do_trampo depois_das_# apos_as_#
        ate_mais_tarde ate_tarde a_noite de_noite pela_noite da_noite a_noitinha
    """,
    "lunchtime": "almoco meio_dia fecham_para_almoco fecha_para_almoco hora_do_almoco",
    "holiday": "feriado feriadao ano_novo reveillon carnaval sexta_feira_santa corpus_christi finados vespera recesso",
    "clock": "quais_horarios quais_os_horarios saio_as_# saio_so_as_# largo_as_#",
    "night": "#_por_#",
    "timeslot": """
        hora_certa horario_certo horario_exato hora_exata horario_aproximado escolher_o_horario escolher_o_dia
        dia_e_hora dia_e_horario manha_ou_tarde manha_ou_a_tarde de_manha_ou_de_tarde qual_periodo que_periodo
        que_horas_chega que_horas_ele_chega que_horas_vem que_horas_entregam janela_de_# janela_de_horario
    """,
    "advance": """
        antecedencia com_quanto_tempo com_quantos_dias quanto_tempo_antes de_vespera em_cima_da_hora
        ultima_hora quanto_antes dias_antes horas_antes um_dia_antes #_dias_antes #_horas_antes pedir_antes
        encomendar_antes marcar_antes
    """,
    "duration": "quanto_leva para_quando previsao previsto com_quantos_dias com_quanto_tempo fica_quanto_tempo",
    "waiting": "feito_na_hora feita_na_hora pronto_na_hora faz_na_hora fazem_na_hora enquanto_espero posso_esperar",
    "queue": """
        ser_atendido ta_cheio muita_gente ordem_de_chegada mais_vazio horario_de_pico preferencial pegar_senha ta_lotado
        esta_cheio mais_tranquilo por_ordem_de_chegada prioridade muito_lotado por_senha esperar_na_fila
    """,
    "priority": "preferencial prioridade prioritario prioritaria",
    "walkin": """
        sem_marcar sem_agendar sem_agendamento sem_reserva ordem_de_chegada por_ordem_de_chegada so_chegar e_so_ir
        e_chegar ir_direto posso_aparecer pode_ir_chegando hora_marcada
    """,
    "booking": """
        tem_vaga_hoje tem_vaga_amanha vaga_para_hoje vaga_para_amanha tem_horario tem_horarios horario_vago brecha
        consegue_me_atender consegue_vir conseguem_vir pode_vir podem_vir vem_hoje vem_amanha vir_hoje vir_amanha
        chamar_o_tecnico chamar_alguem chamar_voces sem_marcar sem_agendar sem_agendamento sem_reserva so_chegar
        por_ordem_de_chegada que_horas_vem que_horas_ele_chega
    """,
    "cancel": """
        nao_vou_poder nao_vou_poder_ir nao_vou_conseguir nao_posso_mais nao_posso_ir nao_consigo_ir nao_consigo_mais
        se_eu_nao_puder se_nao_puder_ir se_eu_nao_for nao_der_para_ir se_eu_faltar se_faltar imprevisto
        nao_comparecimento nao_vou_mais nao_quero_mais se_sair_antes no_show
    """,
    "rebook": """
        passar_para_outro_dia passar_para_outra_data trocar_o_dia trocar_de_dia trocar_o_horario trocar_de_horario
        mudar_o_dia mudar_de_dia mudar_de_horario mudar_para_outro_dia mudar_data mudar_a_visita mudar_horario
        mudanca_de_data deixar_para_outro_dia para_outro_dia outra_data alterar_a_data alterar_o_dia alterar_o_horario
        antecipar_o_horario adiantar_o_horario postergar adiamento transferir_para_outro_dia imprevisto nao_vou_poder_ir
        nao_posso_ir nao_consigo_ir
    """,
    "late": "chegar_depois perder_o_horario perdi_o_horario perdi_a_hora nao_chegou_ainda ainda_nao_chegou",
    "notice": """
        avisar notificar lembrete manda_mensagem mandam_mensagem mandar_mensagem me_ligam ligam_antes como_vou_saber
        confirmar manda_uma_mensagem mandam_aviso me_liga_quando liga_antes ligamos_antes saber_quando
    """,
    "place": """
        fica_perto ficam_perto perto_do_que fica_em_frente como_que_eu_chego como_chega como_chego como_faco_para_chegar
        chegar_ate_voces chegar_ate_ai qual_cidade que_cidade sao_de_onde waze google_maps gps manda_o_endereco
        manda_a_localizacao qual_onibus que_onibus onde_posso_encontrar espaco_fisico ponto_fisico so_online loja_online
        so_pela_internet mais_perto_de_mim
    """,
    "transport": "onibus qual_onibus que_onibus a_pe transporte_publico do_metro de_metro estacao_de_metro de_trem",
    "online": "loja_virtual loja_online ecommerce comprar_online pela_internet pelo_site pelo_app pelo_aplicativo site",
    "bymessage": "whatsapp por_aqui aqui_mesmo_pelo por_mensagem pelo_direct pedir_por_aqui comprar_por_aqui",
    "contact": "falar_com_voces falo_com_voces numero_de_voces me_liga posso_ligar ligar_ai voces_ligam tiktok arroba",
    "branch": """
        outro_endereco outros_enderecos mais_de_uma_loja so_essa_loja so_tem_essa so_tem_essa_loja so_ai tem_loja_em
        tem_loja_no tem_loja_na tem_em_outro_lugar em_outro_bairro matriz quantas_lojas mais_unidades loja_mais_proxima
        mais_perto_de_mim lojas_fisicas
    """,
    "franchise": "franquia",
    "parking": """
        onde_parar onde_paro onde_deixo_o_carro deixar_meu_carro deixar_o_meu_carro lugar_para_parar vaga_na_frente
        vaga_para_moto manobrista valet zona_azul garagem vou_de_carro ir_de_carro parar_meu_carro parar_a_moto
        deixar_a_moto bicicletario lugar_para_parar_o_carro
    """,
    "access": """
        muleta mobilidade_reduzida dificuldade_de_locomocao dificuldade_para_andar dificuldade_de_andar nao_anda
        nao_consegue_subir nao_sobe_escada deficiente pcd banheiro_adaptado adaptado libras surdo cego baixa_visao
        degrau degraus terreo tem_escada muita_escada subir_escada sem_escada cadeira_de_rodas cadeiras_de_rodas
    """,
    "upstairs": "tem_escada muita_escada subir_escada sem_escada nao_sobe_escada terreo",
    "special": "autista autismo tea tdah neurodivergente sindrome_de_down deficiente pcd",
    "restroom": "banheiro toalete lavabo sanitario",
    "nappy": "fraldario trocador trocar_fralda trocar_a_fralda trocar_o_bebe troca_de_fralda fralda",
    "smoking": "fumar fumante cigarro",
    "language": "ingles espanhol idioma estrangeiro",
    "rain": "chuva chover temporal mau_tempo tempo_ruim",
    "exchange": """
        nao_ficou_bom ficou_ruim ficou_folgado ficou_justo nao_caiu_bem nao_era_o_que nao_era_isso veio_outro veio_outra
        veio_errado veio_errada mandaram_errado modelo_errado cor_errada levei_errado ja_tenho_um ja_tenho_uma
        ja_tenho_esse e_ja_tenho repetido mudei_de_ideia se_nao_der_certo se_nao_couber se_ficar_grande se_ficar_pequeno
        se_ficar_apertado se_a_pessoa_nao_gostar nao_gostou aceitam_de_volta pegam_de_volta levar_de_volta
        mandar_de_volta ganhei_de_presente ganhei_um_presente presente_que_ganhei devolvem_o_dinheiro
        devolver_o_dinheiro devolvemos_o_dinheiro nao_devolvemos_dinheiro devolvem_meu_dinheiro devolve_o_dinheiro
        devolver_meu_dinheiro devolve_meu_dinheiro devolvem_o_valor devolver_o_valor devolve_o_valor devolvemos_o_valor
    """,
    "refund": """
        devolve_o_dinheiro devolvem_meu_dinheiro devolver_meu_dinheiro devolve_meu_dinheiro devolvem_o_valor
        devolver_o_valor devolve_o_valor devolvemos_o_dinheiro devolvemos_o_valor nao_devolvemos_dinheiro meu_dinheiro
        perco_o_dinheiro perco_o_valor perco_o_sinal ressarcir restituir restituicao cai_na_conta cair_na_conta
    """,
    "unopened": """
        ja_usei usei_uma_vez ja_lavei sinais_de_uso depois_de_usar sem_a_caixa sem_caixa perdi_a_caixa joguei_a_caixa
        ja_tirei_da_caixa fora_da_caixa sem_embalagem sem_etiqueta sem_a_etiqueta tirei_a_etiqueta arranquei_a_etiqueta
    """,
    "tag": "etiqueta sem_etiqueta sem_a_etiqueta tirei_a_etiqueta arranquei_a_etiqueta",
    "defect": """
        nao_carrega nao_esta_funcionando nao_ta_funcionando nao_funcionou deu_pau enguicou emperrou descosturou desbotou
        encolheu com_problema veio_com_problema veio_vazio chegou_aberto veio_aberto se_quebrar se_estragar
        se_der_problema se_der_defeito oxidou enferrujou quebrar_de_novo estragar_de_novo veio_sujo soltou_a soltou_o
    """,
    "warranty": "se_quebrar se_estragar se_der_problema se_der_defeito estragar_de_novo voltar_o_defeito",
    "liability": "responsabilidade se_responsabilizam arcar se_sumir ressarcir indenizar",
    "redo": "refazer retoque retocar fazem_de_novo se_nao_ficar_bom nao_gostei_do_resultado mal_feito corrigir",
    "repair": "concertar mexem_com mexe_com ajeitar da_um_jeito dar_um_jeito tem_jeito resolver_o_problema revisao",
    "complaint": """
        reclamar insatisfeito insatisfacao satisfeito mal_atendido mal_atendida ouvidoria sac elogio sugestao
    """,
    "feedback": "depoimento referencias feedback feedbacks elogio",
    "manager": "gerente gerencia dono proprietario proprietaria encarregado supervisor",
    "stock": "ainda_tem_esse tem_na_loja tem_ai_na_loja volta_a_ter vai_chegar_mais repoem ultimas_unidades",
    "backorder": """
        encomenda mandar_vir mandam_vir manda_vir conseguem_trazer consegue_trazer conseguem_pedir consegue_pedir
        pedir_para_mim pedem_para_mim trazer_para_mim traz_para_mim se_nao_tiver se_nao_tem se_nao_tiver_ai
        se_estiver_em_falta caso_nao_tenha quando_nao_tem quando_nao_tiver vem_de_fora
    """,
    "hold": "guarda_para_mim segura_para_mim separa_para_mim deixa_separado deixa_guardado deixa_reservado",
    "size": "gg pp xg exg plus_size tamanho_grande largura comprimento profundidade altura",
    "plus": "plus_size gordinha tamanho_grande xgg exg",
    "dimensions": "medida dimensao altura largura comprimento profundidade diametro espessura centimetros cm polegadas",
    "capacity": "capacidade litros ml cabem serve_quantas_pessoas serve_quantas quantas_pessoas quantas_porcoes",
    "color": "tonalidade tons",
    "male": "masculino homem homens",
    "female": "feminino mulher",
    "customize": """
        do_meu_jeito na_minha_medida nas_minhas_medidas com_meu_nome com_nome com_o_nome colocar_o_nome colocam_o_nome
        colocar_nome colocam_nome por_o_nome poe_o_nome escrever_o_nome escrevem_o_nome nome_gravado bordado gravacao
        minha_arte minha_foto sob_demanda gravar_o_nome gravar_nome grava_nome gravam_nome para_gravar
    """,
    "emblem": "logotipo logomarca a_logo minha_logo nossa_logo com_logo logo_da marca_da_empresa nome_da_empresa",
    "photo": """
        manda_foto manda_fotos manda_uma_foto tem_foto tem_fotos ver_fotos manda_o_catalogo manda_o_cardapio portfolio
        portifolio trabalhos_feitos ver_os_trabalhos trabalhos_anteriores antes_e_depois mando_foto mando_a_foto
        mandar_foto mandar_fotos mandar_uma_foto mandar_a_foto mande_foto mande_fotos mande_uma_foto envie_foto
        envie_fotos envie_uma_foto enviar_foto enviar_fotos quais_modelos que_modelos os_modelos ver_os_modelos
        ver_modelos ver_os_produtos ver_produtos que_voces_tem que_voces_vendem que_voces_fazem
    """,
    "quality": "qualidade original originais autentico falsificado",
    "ingredients": "ingrediente composicao conteudo que_tem_dentro feito_de feita_de feitos_de",
    "tradein": """
        voces_compram compram_usado compram_usados compramos_usados compra_de_usados na_troca aceitam_na_troca
        pegam_na_troca de_entrada como_entrada meu_usado vender_meu vender_o_meu vender_minha vender_a_minha
        quero_vender queria_vender tenho_um_para_vender
    """,
    "staff": """
        equipe profissional profissionais funcionario colaborador terceirizado quem_faz quem_atende quem_vem
        quem_vai_fazer quem_vem_aqui quem_executa quem_realiza quem_trabalha quem_sao_os quem_vai_me_atender
        esse_pessoal quem_cuida_do quem_vai_vir quem_vem_aqui_em_casa
    """,
    "experience": """
        experiencia formado_em sao_formados e_formado e_formada formacao diploma certificado qualificado tem_curso
        no_ramo capacitado formada_em formados_em sao_formadas tem_diploma com_experiencia tem_experiencia
        ha_quanto_tempo_trabalha sabe_o_que_faz
    """,
    "trust": "confianca confiavel golpe fraude site_seguro compra_segura e_seguro e_segura seguranca procedencia",
    "uniformed": "cracha uniformizado identificado",
    "hygiene": """
        esterilizado higiene autoclave desinfetado biosseguranca vigilancia_sanitaria anvisa material_descartavel
        e_limpo usam_luva esterelizado desinfeccao assepsia higienizado e_descartavel usam_luvas usam_mascara e_limpinho
        sao_esterilizados
    """,
    "allergy": "alergia alergenico hipoalergenico antialergico irritacao pele_sensivel",
    "contraindication": "contraindicacao contra_indicacao nao_e_indicado faz_mal perigoso tem_risco efeito_colateral",
    "pregnant": "gestacao buchuda esperando_bebe esperando_um_bebe",
    "history": """
        sao_novos no_ramo novos_no_ramo faz_quanto_tempo ha_muito_tempo tempo_de_mercado anos_de_mercado tradicao
        loja_de_familia empresa_familiar abriram_quando abriu_quando quando_abriram inaugurou quem_e_voces
        voces_sao_quem atuamos_desde anos_voces_trabalham trabalham_desde trabalham_ha_quanto_tempo a_quanto_tempo
    """,
    "job": """
        pegando_gente precisam_de_gente precisam_de_alguem vagas_abertas vaga_aberta tem_vaga_para_trabalhar
        mando_curriculo entregar_curriculo jovem_aprendiz menor_aprendiz estagio estagiario freela freelancer trampo
        trabalhe_com_a_gente processo_seletivo recrutamento admitindo alguem_para_trabalhar quero_trabalhar
        queria_trabalhar oportunidade_de_trabalho
    """,
    "supplier": "fornecedor sou_representante representante_comercial vender_para_voces vender_meus_produtos",
    "partnership": "parceria permuta influencer influencers patrocinio patrocinar divulgacao",
    "donation": "doacao doar doam arrecadacao beneficente",
    "privacy": "privacidade lgpd meus_dados dados_pessoais seus_dados sair_da_lista parar_de_receber descadastrar",
    "discreet": "sigilo confidencial discreto discricao embalagem_discreta",
    "certificate": "atestado declaracao da_certificado dao_certificado",
    "child": """
        molecada moleque nenem netinho neto adolescente recem_nascido menino_de_# menina_de_# filho_de_# filha_de_#
        meu_pequeno minha_pequena espaco_kids brinquedoteca area_kids parquinho juvenil #_aninhos levar_meu_filho
        levar_crianca levar_as_criancas cantinho_das_criancas lugar_para_crianca deixar_as_criancas
    """,
    "playroom": "espaco_kids brinquedoteca parquinho area_kids cantinho_das_criancas deixar_as_criancas",
    "age": """
        quantos_aninhos a_partir_de_quantos_anos de_quantos_anos com_quantos_anos ate_quantos_anos a_partir_de_que_idade
        de_menor de_maior menino_de_# menina_de_# filho_de_# filha_de_# #_aninhos tenho_#_anos ela_tem_# ele_tem_#
        a_partir_dos_#_anos ate_#_anos desacompanhado
    """,
    "companion": """
        desacompanhado levar_alguem levar_uma_pessoa levar_acompanhante ir_com_alguem levar_meu_filho levar_crianca
        levar_as_criancas levar_minha_mae levar_uma_amiga levar_um_amigo um_acompanhante com_acompanhante
        sem_acompanhante
    """,
    "pet": "doguinho filhote vira_lata entrar_com_meu_cachorro levar_meu_cachorro pode_entrar_cachorro levar_meu_pet",
    "bring": "que_devo_levar preciso_ir_com levar_alguma que_precisa_para que_preciso_para que_e_preciso_para",
    "documents": "que_precisa_para que_preciso_para que_e_preciso_para certidao passaporte holerite contracheque",
    "prepare": "preparo fazer_antes cuidados_antes deixar_pronto deixo_pronto antes_de_ir orientacao",
    "dresscode": "traje vestimenta que_roupa roupa_adequada",
    "care": """
        cuidado conservar armazenar como_guardar como_limpar como_lavar para_durar_mais para_nao_estragar pode_molhar
        como_guardo como_limpo como_lavo pode_lavar pode_ir_na_maquina fazer_depois que_nao_pode_fazer_depois
    """,
    "cleaning": "como_limpar como_limpo como_lavar como_lavo pode_lavar pode_ir_na_maquina",
    "ownmaterial": """
        proprio propria do_cliente pelo_cliente levar_o_meu levar_a_minha levo_o_meu trago_o_meu trazer_o_meu usar_o_meu
        comprei_fora comprei_em_outro_lugar comprei_em_outra_loja comprado_em_outra_loja comprei_na_internet
        comprei_pela_internet comprado_fora se_eu_comprar eu_dou_o_material de_outra_loja de_outras_lojas
        trazido_de_fora
    """,
    "included": "vem_junto que_vem_no que_vem_dentro da_direito tem_direito direito_a ja_ta_no_preco esta_no_valor",
    "trial": "antes_de_comprar test_drive",
    "plan": "mensais anual anuais anuidade semestral trimestral assinante por_mes ao_mes todo_mes clube_de_assinatura",
    "lockin": """
        sem_fidelidade com_fidelidade tem_fidelidade carencia fico_preso prazo_minimo sair_do_plano tem_contrato
    """,
    "validity": "ate_quando_vai vai_ate_quando ate_que_dia termina_quando quando_acaba quando_termina ultimo_dia",
    "combine": "usar_junto dois_descontos juntar_com juntar_os_descontos outro_desconto outra_promocao junta_com",
    "urgent": "pressa para_ontem e_urgente o_mais_rapido",
    "bespoke": "na_minha_medida nas_minhas_medidas",
    "readdress": "alterar_endereco me_mudei mudei_de_endereco",
    "card": "dois_cartoes #_cartoes mais_de_um_cartao cartoes_diferentes cartao_virtual",
}
