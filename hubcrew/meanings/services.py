"""What do customers of workshops, schools, offices and services that come to a house ask for?"""

GROUPS = {
    "collect": """
        coleta coletar coletam leva_e_traz leva_e_tras vem_buscar vir_buscar vem_pegar busca_em_casa buscam_em_casa
        pegam_em_casa buscar_em_casa retiram_em_casa retirada_em_casa buscar_aqui buscam_aqui coleta_e_entrega
    """,
    "delivery": "entrega_das_fotos entregam_as_fotos receber_as_fotos",
    "visit": """
        visita visitar visita_tecnica taxa_de_visita deslocamento vem_olhar vem_ver vir_ver vir_olhar mandam_alguem
        mandar_alguem manda_alguem mandar_um_tecnico mandam_um_tecnico ver_o_imovel ver_a_casa cobram_para_vir
        cobra_para_vir cobram_para_olhar vem_medir vir_medir
    """,
    "quote": """
        mandar_foto mandar_uma_foto mandar_a_foto mando_foto mando_a_foto mando_uma_foto enviar_foto por_foto
        passar_um_preco fazer_um_preco simulacao simular
    """,
    "photo": "mandar_foto mandar_uma_foto mandar_a_foto mando_foto mando_a_foto mando_uma_foto enviar_foto por_foto",
    "price": "mao_de_obra honorarios",
    "ownparts": """
        peca_do_cliente pecas_do_cliente levar_a_peca levo_a_peca comprei_a_peca pecas_compradas_fora levar_o_oleo
        levar_o_tecido levar_o_material comprar_o_material levo_o_material trazida_pelo_cliente trazidas_pelo_cliente
        trazido_pelo_cliente fornecido_pelo_cliente quem_compra_o_material
    """,
    "staff": "profissional profissionais tecnico tecnicos quem_faz_ai quem_vem_fazer quem_vai_fazer quem_vem_instalar",
    "warranty": """
        se_der_problema se_der_defeito quebrou_de_novo estragou_de_novo parou_de_novo deu_problema_de_novo
        voltou_o_problema problema_voltou mal_feito ficou_ruim nao_ficou_bom nao_ficou_boa refazer refazem
    """,
    "defect": "quebrou_de_novo estragou_de_novo parou_de_novo encolheu encolher desbotou manchou_minha manchou_meu",
    "liability": """
        indenizar indenizamos indenizacao ressarcir ressarcimento ressarcem responsabilizamos quem_se_responsabiliza
        prejuizo extravio extraviado extraviadas sumiu sumiram perderam_minha perderam_meu perderam_uma quebrarem_alguma
        danos avaria danificadas voltou_encolhida manchou_minha manchou_meu
    """,
    "otherperson": """
        outra_pessoa outras_pessoas autorizacao autorizar autorizada no_meu_lugar por_mim minha_irma_pode minha_mae_pode
        meu_pai_pode meu_marido_pode minha_esposa_pode meu_irmao_pode avo_pode quem_pode_buscar quem_pode_pegar
        quem_pode_retirar
    """,
    "express": """
        expresso expressa no_mesmo_dia preciso_para_hoje para_hoje_ainda ainda_hoje preciso_para_amanha para_ontem
        faz_na_hora fazem_na_hora lavagem_na_hora pronto_na_hora mais_rapido servico_rapido com_urgencia
    """,
    "duration": "no_mesmo_dia pronto_na_hora quanto_dura quantos_meses quantos_anos_e_o quantos_anos_dura",
    "urgent": "atendimento_#_horas atende_#_hora atendem_#_hora atendem_#_horas plantao_#_horas",
    "night": "atendimento_#_horas atende_#_hora atendem_#_hora atendem_#_horas plantao_#_horas",
    "hours": "atendimento_#_horas atende_#_hora atendem_#_hora atendem_#_horas plantao_#_horas",
    "area": """
        que_bairros quais_bairros bairros_atendidos cidades_atendidas que_cidades quais_cidades regiao_atendida
        regiao_de_atendimento area_de_atendimento area_de_cobertura atende_no_bairro atendem_no_bairro atende_na_regiao
        atendem_na_regiao atende_aqui_no atendem_aqui_no atende_meu_bairro atendem_meu_bairro atende_minha_rua
        meu_bairro minha_rua zona_sul zona_norte zona_leste zona_oeste zona_rural viabilidade
    """,
    "business": """
        corporativo empresarial empresariais pessoa_juridica minha_firma minha_empresa na_firma para_empresas
        em_empresas atendemos_empresas in_company tenho_um_hotel tenho_um_restaurante tenho_um_salao tenho_uma_empresa
        tenho_uma_loja hoteis condominios
    """,
    "contract": "contrato contratos fidelidade",
    "cancel": "quebra_de_contrato rescisao sair_antes desistir_no_meio sair_no_meio cancelar_antes sair_do_curso",
    "duedate": """
        vencimento dia_do_vencimento dia_de_vencimento que_dia_vence qual_dia_vence escolher_quando_pagar
        mudar_o_vencimento trocar_o_vencimento mudar_a_data_do_vencimento trocar_a_data_do_vencimento
    """,
    "latepay": """
        pagar_atrasado pagar_em_atraso atrasar_o_pagamento atrasar_a_mensalidade atrasei_a_mensalidade atrasei_o_boleto
        boleto_vencido apos_o_vencimento depois_do_vencimento inadimplencia juros_por_atraso
    """,
    "late": "pagar_atrasado pagar_em_atraso atrasei_a_mensalidade atrasei_o_boleto devolver_atrasado buscar_mais_tarde",
    "secondcopy": "segunda_via 2a_via #_via boleto_vencido boleto_atualizado nao_recebi_o_boleto perdi_o_boleto",
    "payment": """
        pago_quando quando_pago paga_antes paga_depois pago_antes pago_depois pagar_antes pagar_depois pagar_adiantado
        paga_na_hora pago_na_hora paga_no_final
    """,
    "deposit": "pagar_adiantado paga_antes pago_antes pagar_antes metade_antes",
    "badcredit": "nome_sujo negativado negativada negativados serasa spc restricao_no_nome limpar_o_nome",
    "rebook": "mudar_o_dia mudar_de_dia trocar_o_dia trocar_de_dia trocar_o_horario trocar_de_horario mudar_de_horario",
    "extend": "prorrogar prorrogacao estender ficar_mais_um_dia ficar_mais_dias ficar_mais_tempo",
    "weekly": "por_semana quantas_vezes_por_semana #_vezes_por_semana #_x_por_semana uma_vez_por_semana semanal",
    "monthly": "mensalidade mensal por_mes ao_mes quanto_por_mes mensalmente mensalista",
    "plan": "por_mes",
    "referral": "indicar_um_amigo indique_um_amigo indique_e_ganhe levar_um_amigo levar_uma_amiga trazer_um_amigo",
    "waithere": "sala_de_espera esperar_ai espero_ai esperar_no_local aguardar_no_local",
    "smell": "cheiro cheiros mau_cheiro cheiro_ruim fedor odor odores ozonio oxi_sanitizacao",
    "online": "online on_line ead a_distancia remoto zoom fazer_de_casa pelo_computador videochamada",
    "recording": "gravacao gravacoes fica_gravada fica_gravado ficam_gravadas quantos_dias_grava assistir_depois",
    "motorcycle": "moto motos motocicleta motoca scooter biz nmax pcx xre cinquentinha",
    "revision": "revisao revisar dar_uma_geral geral_no_carro check_up_do_carro checkup_do_carro",
    "oil": "troca_de_oleo trocar_o_oleo trocar_oleo trocam_oleo trocam_o_oleo troca_oleo troca_o_oleo",
    "brake": "freio freios pastilha pastilhas disco_de_freio lona_de_freio fluido_de_freio",
    "suspension": "suspensao amortecedor amortecedores bieleta coxim barulho_na_roda barulho_na_frente batendo_embaixo",
    "alignment": "alinhamento alinhar balanceamento balancear geometria cambagem puxando_para_o_lado volante_tremendo",
    "tyre": "pneu pneus borracharia borracheiro estepe calibrar calibragem pneu_furado furou_o_pneu vulcanizar aro_#",
    "gearbox": "cambio_automatico cambio_manual caixa_de_cambio oleo_do_cambio oleo_de_cambio",
    "engine": "retifica retificar cabecote motor_fundido fundiu_o_motor motor_fundiu",
    "coolant": "superaquecendo superaquecimento carro_fervendo carro_ferveu carro_esquentando motor_esquentando",
    "fuelinjection": "injecao_eletronica bico_injetor bicos_injetores limpeza_de_bico limpeza_de_bicos luz_da_injecao",
    "diagnosis": "luz_no_painel luz_do_painel luz_acesa_no_painel luz_da_injecao",
    "carbattery": "bateria baterias bateria_arriou arriou fazer_chupeta dar_chupeta carro_nao_pega nao_da_partida",
    "carelectric": "auto_eletrica alternador motor_de_partida motor_de_arranque eletrica_automotiva",
    "bodywork": "funilaria funileiro lanternagem lanterneiro chapeacao martelinho para_choque parachoque",
    "genuine": "genuina genuinas paralela paralelas paralelo peca_original pecas_originais primeira_linha",
    "inspection": "vistoria vistorias vistoriar laudo_cautelar",
    "tow": "rebocar rebocam carro_quebrou carro_parou fiquei_na_estrada",
    "cleaning": "lava_rapido lava_jato lavajato faxina faxinar faxinao limpeza_pesada lava_e_passa lavar_e_passar",
    "carwash": "lava_rapido lava_jato lavajato ducha",
    "inside": "higienizacao_interna limpeza_interna lavagem_interna por_dentro lavar_os_bancos banco_de_couro",
    "polish": "polimento polir cristalizacao vitrificacao enceramento encerar passar_cera tirar_riscos",
    "chainkit": "kit_relacao kit_de_relacao pinhao corrente_da_moto relacao_da_moto",
    "ironing": """
        passadoria engomar engomam passar_roupa passar_roupas passam_roupa so_passam passar_a_ferro passar_camisa
        passar_camisas passar_#_camisas passar_#_pecas vem_passado vem_passada vem_passadas ja_passada ja_passadas
        lavar_e_passar lava_e_passa
    """,
    "kilo": "quilo quilos kilo kilos cesto cestos cesto_de_roupa sacola_de_roupa",
    "drycleaning": "a_seco",
    "suit": "terno ternos blazer paleto smoking fraque",
    "bedding": "edredom edredon edredons cobertor cobertores colcha manta cobre_leito roupa_de_cama enxoval",
    "linen": "enxoval",
    "rug": "tapete tapetes carpete carpetes",
    "pocket": "no_bolso nos_bolsos os_bolsos dos_bolsos bolso_da bolso_do do_bolso",
    "shoes": "allstar all_star sapatenis",
    "wedding": "casamento casamentos noiva noivas vou_casar vou_me_casar vai_casar me_casar se_casar matrimonio",
    "stain": "mancha manchas encardido encardida nodoa amarelado caiu_vinho caiu_cafe derramei",
    "uncollected": "nao_retiradas nao_retirada nao_retirados esqueci_de_buscar esqueci_de_pegar nao_fui_buscar",
    "pickup": "nao_retiradas nao_retirados esqueci_de_buscar esqueci_de_pegar nao_fui_buscar nao_busquei",
    "alter": "costureira costureiras diminuir_a_cintura alargar emagreci engordei ficou_larga tao_largas alfaiate",
    "hem": "bainha bainhas barra encurtar fazer_a_barra fazer_barra fazem_barra subir_a_barra barra_original",
    "zipper": "ziper ziperes zipper fecho_ecler o_fecho fecho_da fecho_do trocar_o_fecho",
    "button": "botao botoes pregar_botao pregam_botao prega_botao colchete",
    "mend": "remendo remendos cerzido cerzir cerzideira rasgo rasgou rasgado puido",
    "sewnew": "confeccao confeccionar fazer_do_zero peca_nova pecas_novas costuram_vestido fazem_vestido modista",
    "selfservice": "autoatendimento self_service lavar_eu_mesmo eu_mesmo_lavo eu_mesmo_lavar posso_eu_mesmo",
    "soap": "sabao sabao_em_po amaciante amaciantes alvejante detergente",
    "allergy": "alergia alergias alergico alergica hipoalergenico antialergico",
    "printing": "imprimir imprime imprimem impressao impressoes impresso xerox copia copias fotocopia plotagem",
    "scanning": "digitalizar digitalizacao escanear escaneiam",
    "sign": "letreiro letreiros fachada fachadas luminoso totem",
    "sticker": "adesivo adesivos adesivar rotulo rotulos envelopamento envelopar",
    "visitingcard": "cartao_de_visita cartoes_de_visita cartao_de_visitas cartoes_de_visitas",
    "flyer": "panfleto panfletos flyer flyers folheto folhetos folder santinho santinhos encarte",
    "artwork": "arte artes layout logotipo logomarca identidade_visual designer arte_final mandar_a_arte minha_logo",
    "artfile": "arquivo arquivos pdf vetor vetorizado corel canva mandar_o_arquivo mandar_arquivo mandar_a_arte",
    "approval": "aprovar aprovacao aprovo previa mockup ver_antes_de_fazer mostram_antes ver_como_fica prova_digital",
    "stamping": "estampa estampas estampar estampam estampamos estamparia silk serigrafia sublimacao dtf",
    "binding": "encadernacao encadernar encadernam espiral capa_dura plastificar plastificam plastificacao laminacao",
    "minimum": "tiragem so_uma_unidade uma_unidade poucas_unidades a_partir_de_quantas fazem_so_uma fazem_so_um",
    "course": "curso cursos cursinho",
    "language": "idioma idiomas lingua linguas",
    "teach": "ensinar ensinam ensina ensino aprender aprendo lecionar",
    "teacher": "quem_da_aula quem_da_as_aulas quem_ensina prof profs docente docentes educador educadora pedagoga",
    "native": "nativo nativos gringo gringos",
    "coursebook": "apostila apostilas material_didatico livro livros",
    "schoollist": "lista_de_material lista_de_materiais material_escolar lista_escolar",
    "level": """
        nivel niveis nivelamento basico intermediario avancado iniciante do_zero nunca_fiz_ingles nunca_fiz_curso
        nunca_estudei ja_sei_um_pouco ja_fiz_um_pouco prova_para_entrar em_que_turma em_qual_turma
    """,
    "test": "prova_para_entrar",
    "trial": "demonstrativa aula_gratis aula_de_graca assistir_uma_aula assista_a_uma_aula fazer_uma_aula ver_se_gosto",
    "classsize": """
        quantos_alunos quantas_pessoas_por quantas_criancas_por alunos_por_turma alunos_por_sala #_alunos
        criancas_por_turma tamanho_das_turmas turmas_cheias turmas_pequenas turmas_reduzidas salas_cheias
        salas_sao_cheias turmas_sao_grandes
    """,
    "classtime": """
        horario_das_aulas horarios_das_aulas dias_das_aulas dias_e_horarios quantas_vezes_por_semana turma_da_noite
        turma_da_manha turma_da_tarde turma_de_sabado
    """,
    "weekend": "turma_de_sabado",
    "shift": """
        noturno noturna diurno aula_a_noite aula_de_noite curso_a_noite turma_da_noite turma_da_manha turma_da_tarde
        meio_periodo
    """,
    "private": "individual individuais hora_aula vip so_eu_e_o so_nos_dois em_dupla dupla particular particulares",
    "intensive": "intensivo intensivos acelerado supletivo mais_rapido",
    "adult": "adulto adultos idoso idosa idosos terceira_idade melhor_idade",
    "teen": "adolescente adolescentes teen teens juvenil jovem jovens",
    "age": """
        idoso idosa terceira_idade melhor_idade #_aninhos bebe_de_#_meses filho_de_# filha_de_# filho_tem_# filha_tem_#
        que_idade qual_idade a_partir_de_que_idade a_partir_de_quantos_anos
    """,
    "child": "bebe_de_#_meses filho_de_# filha_de_# filho_tem_# filha_tem_#",
    "certificate": "certificado certificados diploma diplomas certificacao",
    "attendance": "frequencia presenca quantas_faltas posso_faltar pode_faltar faltas_e",
    "missed": "recuperar_a_aula recuperar_a_materia recupero_a_materia perdi_aula perdi_uma_aula perder_aula",
    "exam": """
        fazer_prova fazer_a_prova dia_da_prova prova_oral duas_provas nota_para_passar nota_minima reprovar reprovado
        reprovacao recuperacao segunda_chamada simulado boletim passar_de_nivel passar_de_ano nao_passar
    """,
    "pause": "parar_um_tempo dar_um_tempo dar_uma_pausa parar_e_voltar parar_uns_meses parar_por_um_tempo",
    "scholarship": "bolsa_de_estudo bolsa_de_estudos bolsas_de_estudo bolsa_integral bolsista prouni fies",
    "abroad": "intercambio estudar_fora estudar_no_exterior morar_fora fora_do_pais fora_do_brasil morar_no_canada",
    "conversation": "conversacao conversar praticar destravar pratica_oral",
    "prep": "preparatorio preparatorios preparar preparam vestibular vestibulares enem concurso concursos",
    "tutoring": "reforco_escolar aula_de_reforco dever_de_casa licao_de_casa tarefa_de_casa acompanhamento_escolar",
    "specialneeds": "autista autistas autismo tea tdah sindrome_de_down inclusao deficiencia deficiente pcd",
    "classesstart": "inicio_das_aulas quando_comecam_as_aulas proxima_turma turmas_novas nova_turma novas_turmas",
    "holidays": "ferias recesso colonia_de_ferias",
    "schoolpapers": "historico_escolar declaracao_escolar declaracao_de_matricula transferencia_de_escola",
    "licence": """
        cnh habilitacao carteira_de_motorista carta_de_motorista tirar_carteira tirar_a_carteira tirar_carta
        tirar_a_carta tirar_habilitacao tirar_minha_carteira carta_de_moto carteira_de_moto ja_tenho_carteira
        renovar_a_carteira cnh_vencida
    """,
    "theory": "aula_teorica aulas_teoricas teorica teorico prova_teorica legislacao",
    "driving": "aula_pratica aulas_praticas aula_de_direcao direcao dirigir dirijo baliza aulas_de_carro",
    "drivingtest": """
        prova_pratica exame_pratico prova_de_rua prova_do_detran reteste reexame repetir_a_prova rodei_na_prova reprovar
        reprovado reprovacao nao_passar
    """,
    "psychotechnical": "psicotecnico psicotecnica exame_psicologico exame_medico exame_de_vista toxicologico",
    "renewal": "renovar_a_carteira cnh_vencida",
    "nursery": "creche bercario maternal educacao_infantil pre_escola jardim_de_infancia",
    "nappy": "fralda fraldas desfralde lenco_umedecido troca_de_fralda trocar_fralda",
    "ill": "febre doente doentinho doentinha doenca adoecer virose gripado gripada atestado",
    "schoolmeal": "alimentacao merenda lancheira papinha comidinha nutricionista leva_lanche levar_lanche levar_comida",
    "wholeday": "integral dia_todo dia_inteiro",
    "property": "imovel imoveis apartamento apartamentos kitnet quitinete terreno sala_comercial galpao ver_o_imovel",
    "rent": "inquilino inquilinos locatario locador quantos_dias_fico fico_quantos_dias alugar_o_salao",
    "surety": """
        fiador fiadores fianca caucao calcao avalista titulo_de_capitalizacao garantia_locaticia garantias_locaticias
        garantia_de_aluguel garantia_de_locacao
    """,
    "moveout": """
        entrega_das_chaves devolver_as_chaves entregar_as_chaves entregar_a_casa entregar_o_imovel devolver_a_casa
        devolver_o_imovel devolucao_do_imovel sair_do_imovel sair_da_casa desocupar desocupacao
    """,
    "readjustment": "reajuste reajustar igpm ipca aumento_do_aluguel aumenta_o_aluguel sobe_todo_ano aumenta_todo_ano",
    "broker": "corretor corretora corretores creci",
    "commission": "comissao comissoes corretagem honorarios porcentagem percentual quantos_por_cento",
    "financing": "financiar financiamento financiam financiado fgts minha_casa_minha_vida consorcio carta_de_credito",
    "listproperty": """
        anunciar_meu_imovel vender_minha_casa vender_meu_imovel vender_meu_apartamento vender_meu_terreno
        colocar_para_vender colocar_para_alugar alugar_minha_casa alugar_meu_imovel administracao_de_imoveis
    """,
    "accountant": "contador contadora contabil contabilidade trocar_de_contador mudar_de_contador",
    "opencompany": """
        abrem_mei abre_mei abrem_empresa abre_empresa abrir_empresa abrir_uma_empresa abrir_cnpj abrir_um_cnpj abrir_mei
        abrir_um_mei abrir_o_mei abrir_firma tirar_cnpj abertura_de_empresa abertura_de_empresas abertura_de_cnpj
        abertura_de_mei
    """,
    "closecompany": """
        fechar_empresa fechar_a_empresa fechar_minha_empresa fechar_o_cnpj fechar_o_mei dar_baixa baixa_de_empresa
        baixa_no_cnpj baixa_no_mei encerrar_a_empresa encerramento_de_empresa encerramento_de_empresas
    """,
    "incometax": "imposto_de_renda imposto_renda irpf declarar declaracao_anual restituicao malha_fina",
    "taxes": "imposto impostos tributo tributos tributario simples_nacional guia_do_mei boleto_do_mei",
    "payroll": "folha_de_pagamento holerite contracheque para_labore admissao registrar_funcionario carteira_assinada",
    "invoice": "emitir_nota emitir_nota_fiscal emite_nota emitem_nota tirar_nota emissao_de_nota emissao_de_notas",
    "socialsecurity": "inss aposentadoria aposentar aposentado previdencia previdenciario auxilio_doenca loas bpc",
    "lawyer": "advogado advogada advogados advocacia doutor doutora dr dra juridico juridica",
    "divorce": "divorcio divorciar me_separar separar_do_meu_marido separar_da_minha_esposa uniao_estavel",
    "alimony": "pensao pensao_alimenticia guarda_dos_filhos guarda_compartilhada guarda_do_meu_filho",
    "inheritance": "inventario heranca testamento herdeiro herdeiros partilha espolio",
    "labourlaw": """
        direito_trabalhista causa_trabalhista causas_trabalhistas acao_trabalhista fui_demitido fui_demitida
        fui_mandado_embora fui_mandada_embora mandado_embora demissao demitido justa_causa verbas_rescisorias
    """,
    "lawsuit": "processo processos processar acao_judicial entrar_na_justica botar_na_justica entrar_com_processo",
    "onsuccess": "exito so_paga_se_ganhar paga_se_ganhar pago_se_ganhar so_pago_se_ganhar so_se_ganhar",
    "consumerlaw": "direito_do_consumidor consumidor procon dano_moral cobranca_indevida",
    "consultation": "consultoria assessoria consulta falar_com_um_advogado falar_com_o_advogado tirar_uma_duvida",
    "notary": "cartorio autenticada reconhecer_firma firma_reconhecida procuracao procuracoes certidao certidoes",
    "policy": "apolice apolices seguro_auto seguro_do_carro seguro_de_carro seguro_de_vida seguro_residencial",
    "claim": "sinistro sinistros acionar acionar_o_seguro bati_o_carro bati_meu_carro bateram_no_meu_carro colisao",
    "dependants": "dependente dependentes beneficiario incluir_minha_mae colocar_minha_mae incluir_meu_filho titular",
    "moving": "carreto carretos mudar_de_casa vou_mudar vou_me_mudar transportar_moveis levar_moveis fretinho",
    "freight": "carreto carretos fretinho levar_um_sofa",
    "packing": "plastico_bolha caixa_de_papelao caixas_de_papelao empacotar empacotam encaixotar encaixotam",
    "wrapping": "empacotar empacotam encaixotar",
    "storage": "guarda_moveis guardar_moveis guardar_os_moveis guardar_meus_moveis self_storage armazenagem armazenar",
    "appliance": "eletrodomestico eletrodomesticos linha_branca geladeira refrigerador freezer fogao microondas",
    "fridge": "geladeira geladeiras refrigerador freezer frigobar",
    "washer": "maquina_de_lavar_roupa lavadora lavadoras tanquinho lava_e_seca",
    "pest": """
        dedetizar dedetizam dedetizacao dedetizadora praga pragas inseto insetos infestacao veneno matar_barata
        matar_baratas mata_barata matam_barata matam_baratas muita_barata cheia_de_barata cheio_de_barata tem_barata
        aparecendo_barata barata_em_casa barata_na_cozinha contra_baratas formiga aranha escorpiao escorpioes pernilongo
        mosquito muricoca percevejo
    """,
    "rodent": "rato ratos ratazana camundongo roedor roedores desratizacao",
    "termite": "cupim cupins descupinizacao",
    "safeproduct": "toxico toxica toxicos inodoro faz_mal sair_de_casa ficar_fora_de_casa ficar_fora voltar_para_casa",
    "watertank": "caixa_d_agua caixas_d_agua caixa_dagua caixas_dagua cisterna",
    "unclog": "desentupir desentopem desentupimento desentupidora desentope entupiu entupido entupida fossa",
    "permit": "alvara licenca anvisa vigilancia_sanitaria",
    "key": "chave chaves copia_de_chave copia_de_chaves fazer_chave fazem_chave chave_codificada perdi_a_chave",
    "lockout": """
        fiquei_trancado fiquei_trancada trancado_fora trancado_para_fora trancada_para_fora fiquei_para_fora
        chave_ficou_dentro chave_dentro abrir_a_porta abrir_porta abrem_porta abertura_de_porta abertura_de_portas
        abrir_o_carro abertura_de_veiculos
    """,
    "lock": "fechadura fechaduras cadeado tetra segredo trocar_o_segredo troca_de_segredo trocar_a_fechadura",
    "gatecontrol": "controle_de_portao controle_do_portao controle_remoto clonar_controle copiar_controle",
    "sharpen": "amolar amolador amolam afiar afiacao afiam",
    "glass": "vidro vidros vidraca vidraceiro vidracaria vidro_temperado",
    "showerbox": "box_de_banheiro box_do_banheiro box_para_banheiro box_de_vidro blindex",
    "balcony": "sacada sacadas varanda envidracar envidracamento cortina_de_vidro fechar_a_sacada fechamento_de_sacada",
    "measuring": "tirar_medida tirar_medidas tirar_as_medidas vem_medir vir_medir mandar_as_medidas mando_as_medidas",
    "railing": "corrimao guarda_corpo grade_de_protecao grades_de_protecao grade_de_janela grade_para_janela",
    "gate": "portao portoes portao_automatico portao_eletronico motor_de_portao motor_do_portao automatizar",
    "metalwork": "serralheiro serralheria solda soldar soldam soldador estrutura_metalica estruturas_metalicas",
    "rust": "ferrugem enferruja enferrujar oxida oxidar oxidacao",
    "awning": "toldo toldos cobertura_de_garagem cobertura_para_garagem pergolado policarbonato",
    "woodwork": "marceneiro marcenaria carpinteiro carpintaria",
    "bespoke": "planejadas sob_encomenda medida_especial",
    "project": "projeto projetos projeto_3d 3d render",
    "restoration": "envernizar verniz lixar laquear restauracao_de_moveis restaurar_moveis restauram_moveis",
    "upholstery": "tapeceiro tapecaria reforma_de_sofa reformar_sofa reformam_sofa reforma_de_estofados",
    "sofa": "poltrona poltronas",
    "electrician": "eletricista eletrica eletrico fiacao disjuntor curto_circuito deu_curto sem_luz sem_energia",
    "shower": "chuveiro_queimou chuveiro_nao_esquenta resistencia_do_chuveiro",
    "plumber": "encanador encanamento bombeiro_hidraulico hidraulica hidraulico torneira torneiras sifao",
    "leak": "vazamento vazamentos vazando pingando goteira goteiras infiltracao infiltracoes",
    "painter": "pintor pintores pintura_residencial pintar_a_casa pintar_casa pintar_parede pintar_apartamento",
    "mason": "pedreiro pedreiros azulejista",
    "handyman": "marido_de_aluguel faz_tudo pequenos_reparos",
    "cooling": "ar split inverter btu btus evaporadora condensadora climatizador",
    "gasrecharge": "carga_de_gas recarga_de_gas colocar_gas nao_gela nao_esta_gelando parou_de_gelar nao_ta_gelando",
    "cleaner": "diarista diaristas faxineira faxineiras faxina faxinao empregada_domestica arrumadeira",
    "postworks": "pos_obra pos_reforma fim_de_obra depois_da_obra depois_da_reforma limpeza_pesada",
    "waterproof": "impermeabilizar impermeabilizacao impermeabilizam",
    "cleaningsupplies": "produtos_de_limpeza material_de_limpeza levar_os_produtos quem_leva_os_produtos",
    "pool": "piscina piscinas piscineiro",
    "gardening": "jardinagem jardineiro jardim grama poda podar capinar capina",
    "shoot": "ensaio ensaios sessao_de_fotos fazer_um_book tirar_fotos fotografar fotografa fotografo fotografia",
    "newborn": "newborn recem_nascido recem_nascidos",
    "video": "video videos filmagem filmar filmam filmmaker drone",
    "album": "album albuns fotolivro fotos_impressas revelar revelam revelacao",
    "photodelivery": "entrega_das_fotos entregam_as_fotos receber_as_fotos quantas_fotos #_fotos galeria pen_drive",
    "editing": "edicao editar editadas editam retoque photoshop fotos_brutas sem_edicao",
    "idphoto": "foto_3x4 fotos_3x4 3x4 foto_para_documento foto_para_passaporte",
    "imagerights": "direito_de_imagem uso_de_imagem publicar_as_fotos postar_as_fotos postar_minhas_fotos",
    "outfits": "troca_de_roupa trocas_de_roupa trocar_de_roupa quantas_roupas quantos_looks look looks figurino",
    "costume": "traje trajes fantasia fantasias beca becas",
    "debutante": "debutante debutantes quinze_anos baile",
    "returnwashed": "devolver_lavado devolver_lavada devolver_sujo devolver_suja lavar_antes_de_devolver",
    "hirereturn": "devolver_atrasado quando_devolvo quando_tenho_que_devolver data_de_devolucao quantos_dias_fico",
    "tool": "ferramenta ferramentas furadeira martelete rompedor lixadeira parafusadeira esmerilhadeira",
    "tableschairs": "mesas_e_cadeiras mesa_e_cadeira jogo_de_mesa jogos_de_mesa",
    "inflatable": "pula_pula cama_elastica inflavel inflaveis piscina_de_bolinha brinquedos_inflaveis",
    "wifi": "fibra_optica banda_larga roteador roteadores internet_caiu caiu_a_internet sem_internet internet_lenta",
    "speed": "mega megas velocidade mbps giga lento lenta lentidao internet_lenta travando",
    "outage": "sem_internet sem_sinal minha_net net_caiu caiu_a_internet internet_caiu luz_vermelha nao_conecta",
    "support": "suporte suporte_tecnico abrir_um_chamado abrir_chamado",
    "reconnect": "desbloqueio desbloquear religar religacao cortaram cortada bloqueada bloquearam bloqueio",
    "readdress": "mudar_de_endereco mudanca_de_endereco trocar_de_endereco levar_a_internet",
    "holder": "titularidade trocar_a_titularidade mudar_o_titular trocar_o_titular passar_para_o_nome titular",
    "loanedbox": "comodato devolver_o_roteador devolver_o_modem devolver_o_aparelho devolucao_dos_equipamentos",
    "gas": "botijao botijoes bujao gas gas_de_cozinha p13 p45 vazamento_de_gas vazando_gas",
    "water": "galao galoes agua_mineral garrafao",
    "empties": "vasilhame vasilhames casco cascos botijao_vazio galao_vazio retornavel",
    "desk": "estacao_de_trabalho estacoes_de_trabalho mesa_fixa mesa_rotativa mesa_compartilhada posto_de_trabalho",
    "meeting": "sala_de_reuniao salas_de_reuniao reuniao reunioes auditorio",
    "privateroom": "sala_privativa salas_privativas sala_privada sala_exclusiva escritorio_privativo",
    "virtualoffice": "endereco_fiscal endereco_comercial escritorio_virtual correspondencia correspondencias",
    "guest": "convidado convidados visitante visitantes levar_um_cliente receber_cliente receber_clientes",
    "quiet": "barulho barulhento silencio",
    "camera": "camera cameras cftv dvr monitoramento monitorar ver_pelo_celular acompanhar_pelo_celular ver_meu_filho",
    "alarm": "alarme alarmes disparou disparando",
    "guard": "vigilante vigilantes vigia porteiro portaria ronda",
    "death": "morreu morrer morte faleceu falecimento falecido obito certidao_de_obito perdi_meu_pai perdi_minha_mae",
    "funeral": "funeraria funerario capela sala_de_velorio caixao urna",
    "burial": "enterro enterrar sepultamento sepultar cemiterio jazigo tumulo",
    "cremation": "cremacao cremar cinzas crematorio",
    "bodytransfer": "translado traslado buscar_o_corpo trazer_o_corpo levar_o_corpo",
    "mass": "missa missas culto cultos celebracao celebracoes",
    "baptism": "batismo batizado batizados batizar batizam",
    "tithe": "dizimo dizimos dizimista contribuicao contribuir",
    "donation": "doar doacao doacoes cesta_basica cestas_basicas bazar",
    "priest": "padre padres pastor pastora paroco",
    "catechism": "catequese crisma primeira_comunhao primeira_eucaristia escola_dominical",
    "prayer": "intencao intencoes rezar mandar_rezar oracao oracoes orar setimo_dia",
    "member": "associado associados socio socios associar ficar_socio virar_socio ser_socio",
    "hall": "salao_de_festas salao_de_festa salao_paroquial alugar_o_salao churrasqueira quadra",
    "outdoors": "ao_ar_livre ar_livre",
    "airfilter": "filtro_de_ar filtro_do_ar",
}
