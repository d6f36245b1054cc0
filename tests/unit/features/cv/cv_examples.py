"""CVs in French and English, laid out as people in Cameroon lay them out. The people are invented."""

CASHIER = """
CURRICULUM VITAE
ETAT CIVIL
Noms et prénoms : NGONO ATANGANA Marie Claire
Date et lieu de naissance : 12/03/1994 à Mbalmayo
Situation matrimoniale : célibataire, 2 enfants
Adresse : Carrefour Etoudi, BP 1234 Yaoundé
Tél : 6 77 00 11 22 / 699 88 77 66
E-mail : marieclaire.ngono@example.cm

FORMATION ET DIPLÔMES
2015-2016 : BTS en Comptabilité et Gestion des Entreprises, IUT de Douala
2012-2013 : Baccalauréat G2, Lycée Technique de Nylon
2011-2012 : Probatoire G2, Lycée Technique de Nylon
2008-2009 : BEPC, CES de Mbalmayo

EXPÉRIENCES PROFESSIONNELLES
Depuis janvier 2019 : Caissière principale à Santa Lucia Akwa, Douala
• Tenue de la caisse et arrêté journalier
• Encadrement de deux caissières
De mars 2016 à décembre 2018 : Aide comptable chez Cabinet Fidex, Yaoundé
• Saisie des pièces comptables dans Sage Saari
Juillet - Septembre 2015 : Stage académique à la CNPS de Douala

COMPÉTENCES INFORMATIQUES
Word, Excel, Sage Saari, Internet

LANGUES
Français : langue maternelle
Anglais : niveau moyen
Ewondo : couramment

CENTRES D'INTÉRÊT
Lecture, football, chant choral

RÉFÉRENCES
M. Essomba Paul, chef comptable au Cabinet Fidex, 677 55 44 33
"""

MASON = """
ABENA Jean-Paul
Maçon
Né le 05 juin 1988 à Ebolowa
Téléphone 655 11 22 33

PARCOURS PROFESSIONNEL
2020 à ce jour\tChef d'équipe maçon\tEntreprise BTP Horizon Sarl, Kribi
2016 – 2020\tMaçon\tChantier du port en eau profonde de Kribi
2012 – 2015\tManœuvre\tQuincaillerie et travaux Mbarga, Ebolowa

FORMATIONS
2011\tCAP maçonnerie\tSAR/SM d'Ebolowa
2007\tCEPE\tÉcole publique groupe 2

LANGUES PARLÉES
Bulu (langue maternelle), français (bien), anglais (notions)

SAVOIR-FAIRE
- Pose de carreaux
- Lecture de plans
- Coffrage et ferraillage
- Permis de conduire catégorie B
"""

RETURNEE = """
Fatimata HAMADOU
Garoua, quartier Poumpoumré

PROFIL
Jeune femme dynamique revenue du Gabon en 2022, à la recherche d'un emploi dans la restauration.

EXPERIENCE
Cuisinière
Restaurant Le Palmier, Libreville
Janvier 2018 – juin 2022
Préparation des plats du jour pour 60 couverts
Serveuse
Hôtel Atlantique, Libreville
2016 - 2017

Vendeuse de beignets
A mon propre compte, Garoua
2013 - 2015

ETUDES
Classe de troisième, Collège bilingue de Garoua, 2012
BEPC 2012

LANGUES
Fulfulde : langue maternelle ; Français : bon ; Arabe : notions
"""

TEACHER = """
CURRICULUM VITAE

PERSONAL INFORMATION
Name: TABE Emmanuel AYUK
Date of birth: 21st April 1990
Marital status: Married
Address: Molyko, Buea
Tel: (+237) 675 44 33 22
Email: tabe.ayuk@example.org

EDUCATIONAL BACKGROUND
2012 - 2015: Bachelor's Degree in Mathematics, University of Buea
2011: GCE Advanced Level (4 papers), Government High School Limbe
2009: GCE Ordinary Level (9 papers), Government High School Limbe
2004: First School Leaving Certificate (FSLC)

WORK EXPERIENCE
September 2018 - Present: Mathematics Teacher, Saint Therese Bilingual College, Buea
Preparing lessons and marking scripts
Head of the mathematics department since 2021
Oct. 2016 - June 2018: Call box operator, Mile 17 Motor Park
2015 - 2016: Volunteer, Reach Out Cameroon (NGO)

SKILLS
Computer skills: MS Word, MS Excel, PowerPoint
Communication, team work, public speaking

LANGUAGES
English: excellent. French: fair. Pidgin English: fluent. Kenyang: mother tongue

HOBBIES
Reading, travelling
REFEREES
Mr Enow Peter, Principal, 677 10 20 30
"""

DRIVER = """
C.V.
MOHAMADOU Bello   Né vers 1985 à Mora
EXPERIENCES PROFESSIONNELLES :
- 2019-2024 : chauffeur poids lourd / société Transport Sahel, Maroua
- 2015-2018 : conducteur de moto-taxi, Mora
- 2010-2014 : agriculteur (oignons et mil), Mora
FORMATION : Permis de conduire B, C et E (2014)
Niveau d'étude : CM2, CEP obtenu en 1998
Langues : mandara, fulfuldé (courant), français (moyen)
"""

ACCOUNTANT = """
Comptable — 6 ans d'expérience

Expériences

Comptable | Société Camfood SA | Douala | 03/2020 – aujourd'hui
Gestion des comptes fournisseurs
Déclarations fiscales et sociales
Comptable junior | ETS Kamga & Fils | Bafoussam | 09/2017 – 02/2020

Diplômes

Licence professionnelle en Comptabilité et Finance | Université de Dschang | 2017
BTS Comptabilité | Institut Siantou | 2015
Baccalauréat C | Lycée classique de Bafoussam | 2013
Master 1 en audit (en cours)

Compétences
Sage 100 • Excel avancé • Fiscalité camerounaise • Travail en équipe

Langues
Bilingue français / anglais
"""

NURSE = """
INFIRMIÈRE DIPLÔMÉE D'ÉTAT
I- IDENTIFICATION
Nom : MBALLA
Prénom : Solange
II- CURSUS ACADEMIQUE
2013-2016 Diplôme d'Etat d'infirmier, Ecole des infirmiers de Bertoua
2012 Baccalauréat D - Lycée de Bertoua
III- EXPERIENCE PROFESSIONNELLE
De 2017 à nos jours
Infirmière à l'Hôpital de District de Batouri
Soins aux malades, vaccination, suivi des accouchements
De septembre 2016 à juillet 2017
Stagiaire infirmière, Centre de santé de Bélabo
IV- LANGUES
Français (lu, parlé, écrit), Anglais (passable), Kako (maternelle)
"""

DEVELOPER = """
Développeur web full-stack
EXPÉRIENCE PROFESSIONNELLE
Développeur web — Agence Digitale Wouri, Douala (2021 – présent)
Conception d'API REST et d'interfaces React
Stagiaire développeur — Incubateur ActivSpaces, Buea (mars 2020 - août 2020)
FORMATION ACADÉMIQUE
Licence en informatique — Université de Yaoundé I (2017 – 2020)
Baccalauréat C — Lycée de Nkolndongo (2017)
COMPÉTENCES TECHNIQUES
Langages : Python, PHP, JavaScript
Frameworks : Django, Laravel, React
Bases de données : MySQL, PostgreSQL
LANGUES
Français (natif) – Anglais (B2)
PROJETS
Site de la coopérative de cacao de Mbalmayo (2022)
"""

CVS = (CASHIER, MASON, RETURNEE, TEACHER, DRIVER, ACCOUNTANT, NURSE, DEVELOPER)
