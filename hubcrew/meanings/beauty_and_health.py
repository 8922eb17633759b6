"""What do customers of salons, clinics, opticians, pharmacies, gyms and vets ask for, and how do these put it?"""

GROUPS = {
    # What all of them are asked: who, when, how often, for whom.
    "booking": """
        tem_horario_hoje tem_horario_para tem_horario_com tem_horario_amanha tem_horario_livre algum_horario
        horario_vago horario_com tem_vaga_hoje vaga_para_hoje me_encaixa um_horario_para um_horario_com sem_hora_marcada
        sem_marcar sem_agendar sem_agendamento
    """,
    "walkin": "sem_hora_marcada sem_marcar ordem_de_chegada so_chegar chegar_sem_marcar sem_agendar sem_agendamento",
    "cancel": """
        nao_vou_conseguir_ir nao_vou_poder_ir nao_posso_ir nao_consigo_ir nao_vou_mais nao_comparecimento imprevisto
        se_eu_faltar se_eu_nao_for falta_sem_aviso perdi_a_consulta perdi_o_horario
    """,
    "rebook": "mudar_o_dia trocar_o_dia trocar_o_horario mudar_de_horario passar_para_outro_dia deixar_para_outro_dia",
    "late": "me_atrasar chegar_depois chegar_um_pouco_depois transito chegar_atrasado chegar_atrasada",
    "credit": "pagar_depois pagar_no_fim_do_mes pagar_mes_que_vem quando_eu_receber pendurar marcar_na_conta",
    "payment": "pagar_depois pagar_no_fim_do_mes pagar_mes_que_vem pagar_no_mes_que_vem quando_eu_receber",
    "staff": """
        equipe profissional quem_faz quem_atende quem_corta quem_cuida quem_trabalha quem_vai_me_atender quem_vai_fazer
        quem_aplica quem_realiza escolher_o_profissional barbeiro cabeleireiro cabelereiro funcionario nosso_time
    """,
    "child": "pediatria garoto molecada moleque neto",
    "age": """
        #_aninhos a_partir_de_quantos_anos com_quantos_anos ate_quantos_anos idade_minima quantos_anos_tem_que_ter
        a_partir_de_quantos_meses com_quantos_meses a_partir_de_#_anos a_partir_dos_#_anos quantos_meses
    """,
    "minimum": "a_partir_de_quantos_anos a_partir_de_quantos_meses a_partir_de_#_anos a_partir_dos_#_anos idade_minima",
    "guardian": "responsavel autorizacao menor_de_idade menores_de_idade menor_de_# de_menor mae_junto pai_junto",
    "companion": "acompanhante ir_acompanhado ir_acompanhada levar_alguem ir_com_alguem ir_sozinho ir_sozinha",
    "seniors": "idoso terceira_idade melhor_idade aposentado acima_de_#_anos mais_de_#_anos geriatra",
    "autism": "autista autismo tea tdah neurodivergente espectro sensorial pcd atipico",
    "home": "acamado nao_sai_de_casa nao_consegue_andar vao_em_casa atende_em_casa atendem_em_casa ir_em_casa",
    "online": "online on_line a_distancia remoto teleconsulta telemedicina videochamada por_video chamada_de_video",
    "frequency": "frequencia quantas_vezes_por_semana quantas_vezes_na_semana de_quanto_em_quanto_tempo quinzenal",
    "duration": "de_quanto_em_quanto_tempo",
    "sessions": "quantas_sessoes numero_de_sessoes #_sessoes sessoes",
    "combo": "combo pacote corte_e_barba barba_e_corte cabelo_e_barba barba_e_cabelo pe_e_mao mao_e_pe kit",
    "redo": """
        retoque retocar refazer corrigir correcao ficou_torto ficou_torta ficou_ruim ficou_feio ficou_falhado
        nao_gostei_do_corte nao_gostei_da_cor nao_gostei_do_resultado nao_ficou_bom nao_ficou_como desbotou insatisfeito
    """,
    "aftercare": """
        repouso cicatrizacao pos_procedimento depois_do_procedimento depois_da_sessao depois_da_cirurgia
        depois_da_extracao pos_operatorio pegar_sol tomar_sol entrar_no_mar entrar_na_piscina cuidados_depois
        cuidados_pos
    """,
    "contraindication": "contraindicacao contra_indicacao quem_nao_pode gravida_pode gestante_pode",
    "pregnant": "gravida_pode gestante_pode gestacao esperando_bebe prenha",
    "allergy": "alergia hipoalergenico antialergico",
    "anesthesia": "anestesia sedacao sedar dopar indolor sem_dor sente_dor sentir_dor doi doer",
    "pain": "doi doer machuca incomodo indolor dor_de_dente dor_nas_costas",
    "sterile": "esterilizar autoclave descartavel biosseguranca higiene desinfetar agulha_nova gilete_nova lamina_nova",
    "course": "curso capacitacao formacao profissionalizante workshop aprender_a quero_aprender curso_de_barbeiro",
    "certificate": "certificado diploma",
    "giftcard": "vale_presente vale_presentes gift_card giftcard cartao_presente voucher",
    "gift": "vale_presente vale_presentes gift_card giftcard cartao_presente",
    "wedding": "noiva dia_da_noiva dia_do_noivo casamento vou_casar vai_casar padrinho madrinha daminha debutante",
    "male": "masculino de_homem para_homem em_homem",
    "female": "feminino de_mulher para_mulher em_mulher",
    "beer": "cerveja breja chopp",
    "parking": "deixo_o_carro deixar_meu_carro parar_meu_carro paro_o_carro onde_parar vaga_de_carro manobrista",
    # Hair and beard.
    "hair": """
        cabelo capilar madeixas cabelo_e_barba barba_e_cabelo pintar_o_cabelo pintar_cabelo pintam_cabelo pinta_cabelo
        cabelo_branco cabelos_brancos lavar_o_cabelo lavam_o_cabelo lava_o_cabelo secar_o_cabelo cabelo_liso
        cabelo_preso queda_de_cabelo cabelo_caindo
    """,
    "haircut": """
        corte aparar degrade fade undercut disfarcado raspar_a_cabeca maquina_zero na_zero passar_a_zero repicado franja
        chanel long_bob cortar_as_pontas corte_e_barba barba_e_corte cabelo_e_barba barba_e_cabelo corte_mais_barba
        na_regua
    """,
    "beard": """
        barba barboterapia toalha_quente bigode cavanhaque costeleta tirar_a_barba corte_e_barba barba_e_corte
        cabelo_e_barba barba_e_cabelo corte_mais_barba pintar_a_barba pinta_a_barba
    """,
    "razor": "gilete lamina navalha gilete_nova lamina_nova",
    "neckline": "pezinho acabamento pe_do_cabelo",
    "hairwash": "lavagem lavar_o_cabelo lavam_o_cabelo lava_o_cabelo lavatorio",
    "hairdye": """
        tintura coloracao tingir tonalizante pigmentacao raiz retocar_a_raiz retoque_de_raiz pintar_o_cabelo
        pintar_cabelo pintam_cabelo pinta_cabelo passar_tinta cobrir_os_brancos cabelo_branco cabelos_brancos grisalho
        pintar_a_barba pinta_a_barba barba_branca
    """,
    "highlights": """
        luzes mechas reflexo balayage ombre morena_iluminada iluminado californiana platinado nevou descolorir loiro
        matizar
    """,
    "straighten": "alisamento progressiva selagem relaxamento realinhamento escova_progressiva formol cabelo_liso",
    "hairbotox": "botox_capilar botox_no_cabelo botox_de_cabelo",
    "blowdry": "escova chapinha prancha babyliss baby_liss secar_o_cabelo escova_modelada",
    "haircare": "hidratacao reconstrucao cauterizacao banho_de_creme ressecado cronograma_capilar",
    "curls": "cacheado crespo afro ondulado encaracolado",
    "updo": "penteado coque cabelo_preso semi_preso prender_o_cabelo arrumar_o_cabelo",
    "braids": "tranca box_braids nago entrelacado trancista",
    "extensions": "mega_hair aplique alongamento_capilar alongamento_de_cabelo extensao_de_cabelo microlink",
    "wig": "peruca lace protese_capilar proteses_capilares",
    "baldness": "queda_de_cabelo cabelo_caindo calvicie calvo careca alopecia minoxidil falha_na_barba terapia_capilar",
    "makeup": "maquiagem maquiar maquiadora make batom rimel blush delineador corretivo base_liquida gloss",
    # Nails, brows, skin, body.
    "nails": """
        unha unhinha manicure pedicure esmaltar cuticula cutilar pe_e_mao mao_e_pe fazer_a_mao fazer_o_pe faz_a_mao
        fazer_mao unha_de_gel unhas_de_gel unhas_em_gel alongamento_de_unha alongamento_de_unhas alongar_as_unhas
        esmaltacao_em_gel unha_postica unhas_posticas unha_encravada unha_quebrou quebrou_a_unha quebrei_a_unha
    """,
    "gelnails": """
        alongamento acrigel fibra_de_vidro molde_f1 banho_de_gel blindagem unha_de_gel unhas_de_gel unhas_em_gel
        alongamento_de_unha alongamento_de_unhas alongar_as_unhas esmaltacao_em_gel em_gel unha_postica unhas_posticas
    """,
    "podiatry": "podologia calo calosidade unha_encravada unha_encravou unhas_encravadas spa_dos_pes calcanhar",
    "mycosis": "micose frieira fungo",
    "eyebrow": "sobrancelha henna",
    "micropigmentation": "micropigmentacao microblading dermopigmentacao sobrancelha_definitiva sobrancelha_fio_a_fio",
    "lashes": "cilio volume_russo fio_a_fio lash lash_lifting",
    "depilation": """
        depilacao pelos cera virilha axila buco meia_perna perna_inteira foliculite tirar_o_pelo tiram_pelo tirar_pelo
        pelo_do_nariz pelo_da_orelha pelo_encravado pelos_encravados
    """,
    "massage": "massagem massagista massoterapia massoterapeuta relaxante shiatsu reflexologia quick_massage ventosa",
    "drainage": "drenagem drenagem_linfatica linfatica retencao_de_liquido inchaco",
    "skin": "pele rosto facial limpeza_de_pele limpezas_de_pele skincare skin_care dermocosmetico",
    "skincleansing": "limpeza_de_pele limpezas_de_pele limpar_a_pele limpar_o_rosto cravo espinha acne tirar_cravos",
    "spots": "melasma clarear_manchas manchas_no_rosto mancha_no_rosto manchas_na_pele mancha_na_pele",
    "botox": "toxina_botulinica ruga pe_de_galinha linhas_de_expressao marcas_de_expressao",
    "filler": "preenchimento hialuronico acido_hialuronico harmonizacao labial labios aumentar_a_boca",
    "fat": "gordura_localizada criolipolise lipocavitacao enzimas papada barriga perder_barriga reduzir_medidas lipo",
    "tanning": "bronzeamento bronze marquinha jet_bronze banho_de_lua",
    # Tattoo and piercing.
    "tattoo": """
        tatuagem tatuar tattoo tatto tatuador cobrir_uma_tatuagem cobrir_tatuagem tampar_uma_tatuagem fechar_o_braco
        tatuagem_antiga apagar_tatuagem tirar_tatuagem remover_tatuagem remocao_de_tatuagem
    """,
    "coverup": "cobertura cobrir cover_up cobrir_uma_tatuagem cobrir_tatuagem tampar_uma_tatuagem tatuagem_antiga",
    "tattooremoval": "apagar_tatuagem tirar_tatuagem remover_tatuagem remocao_de_tatuagem remocao_a_laser",
    "tattoodesign": "desenho arte flash autoral fineline fine_line realismo",
    "piercing": "perfurar brinco septo tragus furar_a_orelha furam_a_orelha furar_orelha furinho",
    # Doctors, psychologists, physiotherapists.
    "consultation": """
        consulta avaliacao passar_em_consulta passar_no_medico passar_com_o_medico passar_com_medico
        passar_no_veterinario passar_no_dentista passar_com_o_doutor passar_com_a_doutora passar_com_o_dr
        passar_com_a_dra ser_atendido examinar esta_doente ta_doente vomitando diarreia febre passando_mal nao_come
        nao_quer_comer mancando espirrando
    """,
    "followup": "retorno consulta_de_retorno reconsulta reavaliacao mostrar_o_exame mostrar_os_exames",
    "urgent": """
        urgente atropelado veneno envenenado engasgou convulsao convulsionando sangrando acidente pronto_atendimento
        pronto_socorro de_madrugada madrugada emergencia_#_horas plantao_#_horas desmaiou morrendo
    """,
    "night": "dia_e_noite a_noite_toda emergencia_#_horas plantao_#_horas atendimento_#_horas",
    "insurance": """
        sulamerica sul_america cassi geap notredame intermedica porto_seguro convenio_medico plano_odontologico
        plano_dental odontoprev aceita_plano aceitam_plano atende_plano atendem_plano credenciado plano_pet convenio_pet
        petlove sem_convenio nao_tenho_plano nao_tenho_convenio reembolso_do_plano reembolso_do_convenio
    """,
    "privatepay": "particular sem_convenio sem_plano nao_tenho_plano nao_tenho_convenio",
    "refund": "reembolso_do_plano reembolso_do_convenio recibo_para_reembolso",
    "invoice": "recibo_para_reembolso recibo_para_o_imposto imposto_de_renda",
    "socialprice": "valor_social preco_social atendimento_social baixa_renda nao_posso_pagar",
    "specialty": "especialidade que_medicos quais_medicos que_tipo_de_medico areas_de_atendimento",
    "generaldoctor": "clinico_geral clinica_geral clinica_medica generalista medico_da_familia medicina_de_familia",
    "pediatrics": "pediatra puericultura medico_de_crianca medico_infantil",
    "cardiology": "cardiologista cardio cardiaco coracao pressao_alta hipertensao arritmia",
    "ecg": "eletrocardiograma eletro ecg exame_do_coracao",
    "dermatology": """
        dermatologista dermato medico_de_pele coceira cocando coca_muito verruga dermatite problema_de_pele ferida
        perdendo_pelo
    """,
    "eyedoctor": "oftalmologista oftalmo oculista medico_dos_olhos medico_de_olho medico_de_vista catarata glaucoma",
    "gynecology": "ginecologista gineco obstetra obstetricia pre_natal papanicolau preventivo diu menopausa",
    "orthopedics": "ortopedista osso fratura torcao torci quebrou_a_pata quebrou_a_perna",
    "endocrine": "endocrinologista endocrino tireoide hormonio hormonal obesidade",
    "neurology": "neurologista neuro enxaqueca avc epilepsia",
    "ent": "otorrino otorrinolaringologista sinusite rinite labirintite medico_de_ouvido",
    "earwash": "lavagem_de_ouvido lavar_o_ouvido cera_no_ouvido limpeza_de_ouvido limpar_o_ouvido limpar_ouvido",
    "urology": "urologista uro prostata vasectomia pedra_no_rim",
    "gastro": "gastroenterologista gastro gastrite estomago refluxo endoscopia",
    "speech": "fonoaudiologo fono gagueira atraso_na_fala",
    "varicose": "vascular angiologista varizes vasinhos escleroterapia",
    "oncology": "oncologista cancer tumor quimioterapia quimio",
    "psychology": """
        psicologo psicoterapia terapia terapeuta psicanalise psicanalista psico saude_mental ansiedade ansioso depressao
        panico burnout estresse terapia_de_casal
    """,
    "approach": "abordagem tcc cognitivo_comportamental linha_de_trabalho gestalt humanista que_linha qual_linha",
    "couple": "casal casais terapia_de_casal em_casal",
    "secrecy": "sigilo confidencial privacidade segredo",
    "physio": """
        fisioterapia fisioterapeuta reabilitacao rpg liberacao_miofascial eletroterapia choquinho dor_nas_costas
        hernia_de_disco ciatico tendinite coluna lombar cervical torcicolo postura costas quiropraxia osteopatia
    """,
    "pelvic": "pelvica assoalho_pelvico incontinencia incontinencia_urinaria perda_de_urina escape_de_xixi",
    "acupuncture": "acupuntura auriculoterapia",
    "surgery": "cirurgia cirurgiao ser_operado vai_operar vou_operar precisa_operar",
    "hospitalstay": "internar hospitalizar leito",
    "visit": "visita posso_ir_ver posso_ver boletim noticias_dele",
    "medicalnote": "atestado declaracao_de_comparecimento declaracao afastamento atestado_de_saude",
    "occupational": "admissional demissional periodico aso ocupacional medicina_do_trabalho",
    "checkup": "checkup check_up exames_de_rotina consulta_de_rotina",
    "wound": "curativo trocar_o_curativo troca_de_curativo tirar_os_pontos tirar_pontos retirada_de_pontos",
    # Laboratory.
    "test": """
        exame_de_vista exame_da_vista exames_de_rotina exame_de_imagem exames_de_imagem exame_ficou_pronto
        exame_fica_pronto teste_de_gravidez exame_do_coracao pegar_o_exame buscar_o_exame analises_clinicas sai_o_exame
    """,
    "bloodtest": "sangue hemograma bioquimico colesterol tirar_sangue",
    "collection": "coleta colher tirar_sangue coleta_domiciliar coleta_em_casa colher_em_casa",
    "urinestool": "urina fezes parasitologico coletor_de_urina",
    "xray": "raio_x raios_x raio_xis rx radiografia exame_de_imagem exames_de_imagem",
    "ultrasound": "ultrassom ultra_som ultrassonografia ultra usg ecografia exame_de_imagem exames_de_imagem",
    "resonance": "ressonancia exame_de_imagem exames_de_imagem",
    "tomography": "tomografia exame_de_imagem exames_de_imagem",
    "mammogram": "mamografia mastologista exame_da_mama",
    "pregnancytest": "teste_de_gravidez beta_hcg beta hcg estou_gravida to_gravida ta_gravida",
    "fasting": "jejum comer_antes pode_comer_antes posso_comer_antes tomar_cafe_antes agua_antes preparo",
    "result": "exame_ficou_pronto exame_fica_pronto sai_o_exame sai_o_resultado pegar_o_exame buscar_o_exame",
    # Dentist.
    "dentist": """
        bucal dor_de_dente dente_quebrado quebrei_o_dente limpeza_dental limpeza_dos_dentes limpeza_nos_dentes
        limpar_os_dentes implante_dentario dente_de_leite arrancar_dente arrancar_o_dente dente_do_juizo odontopediatria
    """,
    "dentalcleaning": """
        limpeza_dental limpeza_dos_dentes limpeza_nos_dentes limpar_os_dentes profilaxia tartaro tartarectomia
        limpeza_de_tartaro mau_halito bafo halitose dente_podre
    """,
    "cleaning": "limpeza_dental limpeza_dos_dentes limpeza_nos_dentes limpar_os_dentes limpeza_de_tartaro",
    "gum": "gengiva gengivite periodontia gengivoplastia",
    "filling": "restauracao obturacao carie dente_furado massinha dente_quebrado quebrei_o_dente resina",
    "rootcanal": "canal tratamento_de_canal endodontia",
    "implant": "implante implante_dentario implantodontia perdi_um_dente colocar_dente",
    "denture": "protese dentadura chapa ponte_movel perereca dente_postico banguela roach",
    "wisdom": "siso dente_do_juizo tirar_o_siso extracao_do_siso extracao_de_siso",
    "extraction": "extracao_do_siso extracao_de_siso arrancar_dente arrancar_o_dente tirar_siso tirar_um_dente",
    "whitening": "dente_amarelo dentes_amarelos dentes_brancos dente_escuro clareador",
    "braces": "aparelho_fixo invisalign dente_torto dentes_tortos braquete bracket contencao",
    "veneers": "faceta lente_de_contato_dental lentes_de_contato_dental lente_nos_dentes lente_dental lentes_dentais",
    "bruxism": "bruxismo ranger_os_dentes rangendo_os_dentes placa_de_bruxismo placa_de_mordida",
    # Optician.
    "glasses": """
        haste oculos_de_sol oculos_escuros aperta_o_oculos apertar_o_oculos oculos_frouxo oculos_torto minha_armacao
        armacao_propria perna_do_oculos perninha_do_oculos parafuso_do_oculos
    """,
    "sunglasses": "oculos_de_sol oculos_escuros solar polarizado",
    "lens": "lente troca_de_lente troca_de_lentes trocar_a_lente trocar_as_lentes trocar_lente colocar_lente grau",
    "lensswap": """
        troca_de_lente troca_de_lentes trocar_a_lente trocar_lente colocar_lente minha_armacao armacao_propria
    """,
    "multifocal": "multifocal multifocais progressiva bifocal bifocais perto_e_longe",
    "readingglasses": "oculos_de_leitura para_leitura oculos_para_perto oculos_de_perto vista_cansada presbiopia",
    "photochromic": "fotossensivel fotossensiveis fotocromatica transitions escurece muda_de_cor_no_sol",
    "antireflex": "antirreflexo anti_reflexo antireflexo reflexo",
    "bluelight": "luz_azul filtro_azul blue_cut blue_control",
    "contactlens": "lente_de_contato lentes_de_contato gelatinosa lente_colorida lentes_coloridas acuvue",
    "nosepad": "plaqueta borrachinha_do_nariz borrachinha_do_oculos borracha_do_nariz apoio_do_nariz narizinho",
    "alter": "aperta_o_oculos apertar_o_oculos oculos_frouxo oculos_torto entortou frouxo parafusinho",
    "repair": "perna_do_oculos perninha_do_oculos soldar unha_quebrou quebrou_a_unha quebrei_a_unha parafusinho",
    "eyeexam": "exame_de_vista exame_da_vista teste_de_visao medir_o_grau medir_meu_grau ver_meu_grau optometrista",
    "eyesight": "visao enxergar miopia astigmatismo hipermetropia vista_cansada",
    "glassescase": "estojo flanela case_do_oculos caixinha_do_oculos",
    "prescription": "guia_medica pedido_de_exame receita_azul receita_amarela receituario",
    # Pharmacy.
    "medicine": "comprimido capsula xarope analgesico antibiotico anti_inflamatorio anti_inflamatorios",
    "antibiotic": "antibiotico amoxicilina azitromicina cefalexina",
    "generic": "generico similar",
    "publicprogram": "farmacia_popular programa_do_governo remedio_de_graca remedio_gratis",
    "controlled": """
        controlado tarja_preta tarja_vermelha tarja psicotropico receita_azul receita_amarela rivotril clonazepam
        ritalina calmante ansiolitico antidepressivo retencao_de_receita receita_retida
    """,
    "contraception": "anticoncepcional anticoncepcionais pilula preservativo camisinha",
    "measuring": "ver_a_pressao tirar_a_pressao",
    "injection": "injetavel tomar_injecao aplicar_injecao na_veia tomar_soro",
    "nebulizer": "inalacao nebulizacao",
    "sunscreen": "protetor_solar filtro_solar bloqueador_solar protetores_solares fps",
    "labdiscount": "desconto_do_laboratorio programa_do_laboratorio desconto_de_laboratorio pbm",
    # Gym and studios.
    "gympass": "gympass wellhub totalpass total_pass gym_pass",
    "contract": "fidelidade sem_fidelidade contrato permanencia amarrado",
    "pause": "dar_um_tempo parar_um_tempo parar_por_um_tempo dar_uma_pausa congelar_o_plano",
    "assessment": "avaliacao avaliacao_fisica bioimpedancia percentual_de_gordura",
    "personaltrainer": "personal personal_trainer treinador acompanhamento_individual treino_personalizado",
    "trainingplan": "ficha ficha_de_treino montar_treino montar_o_treino montar_meu_treino montam_treino",
    "class": "aula_particular",
    "training": "ficha_de_treino montar_treino montar_o_treino montar_meu_treino montam_treino monta_o_treino malhacao",
    "weightloss": "emagrecer perder_peso perder_barriga eliminar_peso perder_gordura",
    "muscle": "ganhar_massa massa_muscular hipertrofia ganho_de_massa ganhar_peso",
    "martialarts": "luta artes_marciais arte_marcial muay_thai jiu_jitsu jiujitsu boxe karate judo mma kickboxing",
    "dance": "danca zumba fitdance fit_dance ritmos bale ballet",
    "spinning": "spinning bicicleta_ergometrica rpm aula_de_bike",
    "functional": "funcional crossfit cross_fit cross circuito hiit",
    "swimming": "natacao nadar piscina",
    "aqua": "hidroginastica hidro piscina",
    "yoga": "yoga ioga meditacao",
    "stretching": "alongamento flexibilidade",
    "treadmill": "esteira eliptico ergometrica aerobico cardio",
    "crowd": "lotado vazio horario_de_pico mais_vazio menos_cheio mais_tranquilo movimentado",
    "gymguest": "convidado levar_um_amigo levar_amigo levar_uma_amiga visitante",
    "familyplan": "plano_familia plano_casal plano_familiar em_familia casal",
    "kidsarea": "espaco_kids area_kids brinquedoteca deixar_meu_filho deixar_as_criancas",
    # Nutritionist and supplements.
    "nutrition": "nutricionista nutri nutricao nutricional plano_alimentar reeducacao_alimentar nutrologo dieta",
    "supplement": "suplemento whey creatina hipercalorico bcaa glutamina albumina pre_treino pretreino termogenico",
    "protein": "whey proteina proteico hidrolisado albumina",
    "dosage": "dosagem scoop medidor como_tomar como_tomo quantas_gramas posologia",
    "nutritionfacts": "tabela_nutricional informacao_nutricional rotulo composicao ingredientes",
    # Cosmetics and perfume.
    "perfume": "perfume fragrancia colonia deo_colonia essencia body_splash cheirinho",
    "genuine": "original originais replica falsificado falso autentico contratipo",
    "scentlasts": "fixacao projecao dura_na_pele segura_na_pele",
    "skincare": "skincare skin_care hidratante serum tonico sabonete_facial agua_micelar demaquilante",
    "toiletries": "shampoo xampu sabonete desodorante pasta_de_dente creme_dental higiene_pessoal perfumaria cosmetico",
    "wholesale": "ser_revendedora virar_revendedora ser_consultora virar_consultora",
    # Vet and pet shop.
    "vet": "passar_no_veterinario",
    "pet": """
        gatinho caozinho doguinho dogs catioro cadela felino canino peludo aumigo bichano filhote lhasa poodle pinscher
        shihtzu shih_tzu pitbull yorkshire maltes spitz labrador golden husky pug bulldog rottweiler pastor_alemao
        vira_lata hotel_para_cachorro hotel_para_caes hotel_para_gatos hotel_para_pet
    """,
    "dog": """
        cachorro cao dog dogs doguinho caozinho cadela canino lhasa poodle pinscher shihtzu shih_tzu pitbull yorkshire
        maltes spitz labrador golden husky pug bulldog rottweiler pastor_alemao vira_lata
    """,
    "cat": "gato gatinho felino bichano",
    "bigdog": "porte_grande grande_porte labrador golden husky rottweiler pastor_alemao cachorro_grande pitbull",
    "smalldog": "porte_pequeno pequeno_porte lhasa poodle pinscher shihtzu shih_tzu yorkshire maltes spitz pug",
    "puppy": "filhote ninhada",
    "exotic": """
        exotico silvestre coelho hamster porquinho_da_india papagaio calopsita passarinho ave aves tartaruga jabuti
        iguana periquito roedor chinchila reptil repteis
    """,
    "fish": "peixe aquario aquarismo betta kinguio",
    "petbath": "banho banhista dar_banho dao_banho lavar_o_cachorro lavar_meu_cachorro banho_a_seco",
    "grooming": """
        tosador tosquia tosquiar cortar_o_pelo cortam_o_pelo aparar_o_pelo raspar_o_pelo tosa_bebe pelo_do_cachorro
        pelo_embolado pelo_embaracado pelo_dele pelo_dela
    """,
    "matting": "embolado embaracado desembolo desembaraco pelo_embolado pelo_embaracado",
    "nailtrim": "cortar_unha cortar_unhas cortar_as_unhas cortar_a_unha corte_de_unha corte_de_unhas cortam_a_unha",
    "pettaxi": """
        taxi_dog taxidog taxi_pet taxi leva_e_traz levar_e_trazer busca_e_leva buscar_e_levar buscamos_e_levamos
        buscam_em_casa busca_em_casa buscar_em_casa buscam_o_cachorro buscar_o_cachorro buscam_meu_cachorro
    """,
    "pethotel": """
        hospedagem hospedar pernoite petsitter pet_sitter deixar_meu_cachorro deixar_o_cachorro deixar_meu_gato
        deixar_meu_dog deixar_meu_pet deixar_minha_cachorra hotel_para_cachorro hotel_para_caes hotel_para_gatos
        hotel_para_pet hotel_pet
    """,
    "petdaycare": "creche daycare day_care passar_o_dia fica_sozinho fica_sozinha ficar_o_dia",
    "dogtraining": """
        adestrar comportamento obediencia ensinar_o_cachorro ensinar_meu_cachorro educar xixi_no_lugar_errado
        xixi_na_casa late_muito latindo morde agressivo
    """,
    "adoption": "adotar adocao",
    "breeding": "cruzar cruzamento acasalar inseminacao",
    "vaccine": """
        antirrabica anti_rabica v8 v10 v4 v5 raiva imunizacao carteira_de_vacinacao carteirinha_de_vacina
        cartao_de_vacina cartao_de_vacinacao caderneta_de_vacinacao
    """,
    "rabies": "antirrabica anti_rabica raiva",
    "vaccinecard": "carteira_de_vacinacao carteirinha_de_vacina cartao_de_vacina cartao_de_vacinacao",
    "deworm": "verme vermifugo lombriga drontal",
    "parasites": "bravecto nexgard simparic frontline credeli antiparasitario sarna",
    "neuter": "capar ligadura",
    "euthanasia": "eutanasia sacrificar sacrificio",
    "cremation": "cremacao urna enterrar para_cremar morreu faleceu",
    "funeral": "enterro sepultamento cemiterio",
    "microchip": "microchip chip microchipagem",
    "pettravel": "atestado_de_saude viajar_de_aviao viagem_de_aviao passaporte atestado_para_viajar de_aviao",
    "petfood": "racao comida_de_cachorro comida_de_gato sache petisco bifinho royal_canin premier golden racao_solta",
    "bulk": "granel por_quilo racao_solta",
    "petgear": "acessorio coleira peitoral comedouro bebedouro caminha casinha arranhador brinquedo roupinha",
}
