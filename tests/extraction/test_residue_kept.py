"""Text that looks like residue and is none: a false deletion is worse than a leftover."""

import pytest

from tests.extraction.stories import fates, story

TEXT = {
    "en": """
“Read more books,” the teacher told them, and shut the door.
“Subscribe to nothing you have not read,” her father used to say.
“Share this with nobody,” the note said.
“I agree with the terms,” he said and signed.
"WE ARE NOT LEAVING," she shouted.
WE ARE NOT LEAVING, said the banner across the gate.
THE RIVER TOOK EVERYTHING. WE WILL BUILD AGAIN.
It rained.
Nobody answered.
He shrugged. “And then?”
42 people were on board.
Section 3 of the act says the opposite.
12 of 30 survived.
9 of 10 people agreed.
At 10:30 the lights went out.
She was born on 3 May 1962.
He died on 4 May 2011.
On 12 March 2021 the court closed the case.
By Friday, the water had reached the second step of the chapel.
By Tuesday evening nobody had come
By the time help arrived, the barn was gone.
By then Mara Lind and Tom Roe had left.
From there the road climbs to the pass.
Newsletters have become the last local paper in forty valleys, a study found.
The company newsletter has been printed in the cellar since 1951.
He founded a newsletter for growers there in 1998.
Facebook removed the page on Monday, the company said.
Twitter, Facebook and YouTube were blocked for two days.
Twitter and Facebook were slow.
Photos of the flood filled the walls of the town hall.
Cookies were served at the door, with tea from two enormous urns.
The ruling on cookies concerns every website in the country.
The academic had contributed to the report on river quality, the ministry confirmed.
Three scientists who contributed to the report resigned on Monday.
Her confession contributed to this reporting requirement, lawyers said.
With information from the black box now in hand, investigators turned to the brakes.
With additional troops on the border, the ministry hopes for a calmer summer.
With reports of looting spreading, the mayor imposed a curfew.
Reports from the front line are contradictory.
Information from the sensors is sent every hour.
Written by a nurse in 1917, the diary was found under a floorboard.
Compiled by hand, the register lists nine thousand names.
Reporting from the valley has become harder since May.
This report was based on interviews with forty inmates, and the governor rejects it.
Published in 1925, the novel made her name.
Published in 1999, it sold 40,000 copies.
Created in 1971, the park has 12 gates.
Printed 500 years ago, the bible survived two fires.
Updated rules take effect on 1 May 2026, the ministry said.
Filed under seal, the complaint names four officers.
Time is short: 12 days remain.
Date palms cover 400 hectares of the oasis.
Also on Friday, police searched two flats in the harbour quarter.
Also in the car were two children and a dog.
Also in this group are the islands of the south.
Elsewhere on the island, shops opened as usual.
Our best guess is that the nest fell in the storm.
Our latest figures are from March, the spokeswoman said.
More in sorrow than in anger, the coach read out the names.
More like a festival than a protest, the march ended in song.
Voters on the left, right and centre agreed.
The note said “photo: see album” and nothing else.
He is one of two men named under “contributed to this report”, a line he calls a joke.
Closing the gap
Photo by photo the film rebuilds the night of the fire.
More from habit than from faith, they still ring the bell.
Most in the village have no electricity.
Most of the houses stood empty.
Most on the ward were under thirty.
You may want to sit down for this, the doctor told her.
You might want to check the tyre pressure before the first frost.
Up next for the team is a trip to the champions.
Next up is a home game against the champions.
Trending videos of the fight were taken down by noon.
Trending on social media, the film shows a man in a boat.
Read by millions, the column ran for thirty years.
Watch the river, the old men say, and you will know.
See the valley from above and the pattern becomes clear.
Related crimes fell by a third, the police said.
Recommended doses vary from country to country.
Tags on the birds' legs showed where they had wintered.
Live music returns to the pier in June.
Exclusive clubs have lost members for years.
Opinion is divided along the river.
Videos of the rescue are now evidence.
Popular now only with tourists, the dish was once a fisherman's breakfast.
In other news rooms, reporters were told to go home.
Support for the government has fallen to 22 per cent.
Support from the capital to keep the plant open came too late.
Donate blood was all the poster said, in letters a metre high.
Your support has kept members of this family alive, she wrote to the village.
If you want to understand why so many members left, look at the accounts.
Subscribers left in their thousands after the merger.
Register offices will be closed on Monday because of the strike.
Sign language was not offered at the hearing.
Something went wrong on the night of the fire, investigators believe.
There was a problem with the brakes, the report says.
There was an issue of trust from the first day, he said.
For just three weeks a year, the valley turns purple.
For only two months a year the pass is open.
I understand why the police acted as they did, but I cannot forgive it.
I want better conditions for my children than I had.
I accept that the policy has failed.
By using less water, you will save more than by planting trees, the engineers say.
By joining the strike, you are risking everything, the manager wrote.
By providing shelter I may have saved three people, he told the court.
In creating the park, planners forgot that you will need shade.
Apple removed the game from its App Store.
The game vanished from Google Play overnight.
An alert is sent to your phone when the ground moves.
Several ministers refused to join the debate on Monday.
He asked the bishops to join the discussion about the school.
The company's privacy policy does not apply to police requests, the judge found.
Many families have a story like hers, and who would not ask why?
Officials ask residents to please consider donating blood at the town hall.
She ran a WhatsApp channel with forty thousand followers until her arrest.
He follows me on every walk, she said of the goose.
Get a map, a torch and access to a boat, the guide advises.
Follow him on that road and you come to the ruins.
The latest of the letters was delivered by hand, not by e-mail.
No comment was available from the ministry on Friday.
Comments on the government's policy came from all sides.
Comments submitted to the inquiry were removed from the file.
All comments were read aloud in the chamber.
Read comments by the hundred and you begin to hear one voice, she said.
Captcha puzzles cost mankind 500 years every day, the engineers reckon.
Community rules forbid fires on the beach, but nobody minds.
Name your price, the broker said.
This report may not be the last, the auditor warned.
This story has no end.
This page is missing from the ledger.
This article of faith is no longer shared by the young.
Reproduction in captivity may be possible, the keepers believe.
Unauthorized camps are forbidden along the river.
Victims may receive compensation, the ministry said.
Farmers may get a share of the money by autumn.
Copyright law was written for printers, not for machines.
Views expressed in the chamber are protected by law, the speaker said.
The views in this part of town are the best in the county.
Disclaimer or not, the court held the company liable.
Careers ended that night.
Help came from the sea.
Sources close to the talks said nothing had been signed.
A photo of the letter was passed from hand to hand in the market.
A picture of a divided county emerges from the figures.
A view of the sea is worth forty thousand, the agents say.
An image of the moon hangs over his desk.
This picture of village life is misleading, she argues.
This image of the north is out of date.
The series, shown in forty countries, made her rich.
The film will be shown at the festival on Friday.
He was photographed with the suspect in 2019, prosecutors said.
Studies have shown, however, that the effect wears off.
The suspect was pictured in several newspapers.
The species was last seen here in 1961.
The pictured events never took place.
File sharing has fallen by half, the industry says.
Files were found in a skip behind the ministry.
She had only one word for the photo: “Horrible!”
The probe was built by the American space agency (NASA).
The programme was made by the public broadcaster (BBC).
Members of the American Psychological Association (APA) voted against it.
The drug protects against the virus (HIV/AIDS).
The tunnel joins two islands (one of them uninhabited).
He paid 40 shillings (about two pounds).
The letters were posted online (some of them on Facebook).
The rest of the money was hidden (in a photo album).
The law applies to everyone (see Section 3).
Image is everything in this business, said the tailor.
Credit cards are not accepted on the ferry.
Illustration of the danger came on Sunday, when a beam fell.
Maria Lopez was the first editor to refuse.
The man was a former reporter, the police said.
Her husband is a professor in the capital.
The mayor was once the editor of the school paper.
She was the best journalist of her generation, he said.
Contact with the boat was lost at noon.
Phone lines were down for two days.
Twitter: that is where the rumour began, according to the police report on the night.
Reuters was the first to report the strike, at noon.
Staff writers met in the canteen.
Print editions of both papers will end in May.
Print is dead, they said.
Save the bees, said the stickers on every car.
Listen to the wind, she said.
Sharing the load is harder than it looks.
Share prices fell for the third day in a row.
Share the bread, the rule said, and no one will go hungry.
Play was stopped at noon.
Download speeds in the valley are the lowest in the country.
Live and let live, the sign said.
Next week the court will hear the widow.
Previous owners had painted it green.
Advertisements for the circus still hung in the square.
Ads paid for the new roof.
The rest is silence.
Read full statements before you judge, the union asked its members on Sunday.
Click here, said the screen, and he clicked.
Register to vote by Friday, officials told residents.
Never miss a train again, the minister promised.
Stay informed and stay home, the governor said.
Thanks for reading my letters, he wrote to her in 1944.
Follow us on foot, the guide shouted.
Join us for dinner, the widow said.
* The oldest is 94.
""",
    "de": """
„Lesen Sie auch die Rückseite“, sagte der Beamte.
Sehen Sie noch eine Chance für den Frieden?
Sehen Sie hier einen Widerspruch?
Hören Sie noch auf Ihre Kritiker?
Von dort führt ein Weg in den Steinbruch.
Von Mai an fährt der Bus wieder
Am 3. Mai 1962 wurde sie geboren.
Sie wurde am 3. Mai 1962 geboren.
Stand 2011 noch die halbe Stadt leer, so fehlen heute Wohnungen.
Personenbezogene Daten von dreitausend Kunden wurden gestohlen.
Sie sind in der Stadt seit Jahren registriert und dürfen doch nicht arbeiten.
Sie können ihre Zustimmung jederzeit widerrufen, entschied das Gericht.
Jetzt will der Verein das Verfahren ein Jahr lang testen.
Den Impfstoff wollen die Forscher nun an Mäusen testen.
Mit dem neuen Gerät lassen sich Proben schneller testen.
Zum Schuljahr müssen Eltern ihre Kinder im Rathaus anmelden.
Mit der Anmeldung beginnt für viele Eltern das Warten.
Der tägliche Newsletter der Verwaltung erreicht 900 Menschen.
Die meisten Newsletter liest niemand.
Zwölftausend Haushalte abonnieren die Zeitung noch.
Dieser Beitrag wurde von den Kassen zweimal erhöht.
Dieser Text ist ein Gesetz, kein Vorschlag.
Dieser Artikel der Verfassung ist umstritten.
Korrektur der Prognose: Die Bank rechnet nun mit einem Minus.
Korrektur an den Zahlen gab es erst im Mai.
Auch lesen und schreiben lernen die Kinder hier.
Mit Material im Wert von zwei Millionen Euro wird die Brücke gebaut.
Mit Informationen aus dem Labor geizt das Ministerium.
Das sagte der Abgeordnete der Union (CDU/CSU).
Die Strecke verbindet zwei Länder (Sachsen/Thüringen).
Lesezeichen aus Seide lagen in jedem Band.
Anzeige erstattete niemand.
Werbung für Tabak ist seit Jahren verboten.
Video und Ton wurden getrennt aufgenommen.
Mehr Artikel über die Fabrik verbot der Zensor.
Themen gab es genug.
Foto und Pass lagen auf dem Tisch.
Bilder der Flut hängen im Rathaus.
Quellen gibt es im Tal viele.
ALLES MUSS RAUS, stand an der Scheibe.
2 von 3 Kindern frieren.
""",
    "fr": """
« Abonnez-vous à la vie », répétait sa grand-mère.
L'adresse e-mail du maire avait été piratée en mars.
S'inscrire à la cantine est devenu un parcours d'obstacles pour les familles.
S'abonner à un journal ne va plus de soi dans la vallée.
Pour continuer à exister, le club compte sur ses bénévoles.
Pour accéder au stade, il faut accepter la fouille.
Votre inscription est refusée, lui a répondu la mairie.
Saisir un juge reste possible, a rappelé l'avocate.
Entrer un jour au conseil, il n'y pensait pas.
En direct de la mairie, la radio a donné les résultats.
Dossier clos pour la justice.
Par la suite, trois témoins se sont rétractés.
À voir les visages, la nouvelle était mauvaise.
À lire ces lettres, on comprend sa colère.
Suivez la rivière et vous trouverez le moulin.
Elle est née le 3 mai 1962.
Publié en 1925, le roman a fait scandale.
La publicité pour le tabac est interdite.
Les plus lus de ses livres sont les plus courts, remarque la libraire du bourg.
Photo en main, il a fait le tour des bars.
Avec l'agence de l'eau, la commune a creusé un bassin.
""",
    "es": """
«Suscríbete a la vida», decía su abuela.
Para seguir adelante, el proyecto necesita dos millones.
Para seguir creciendo, la cooperativa contratará a diez personas.
Su nombre es Marta.
Su nombre era Ana Torres.
Tu nombre no está en la lista.
Introduce su libro con una cita de su madre.
Sigue abierta la investigación sobre las redes de trata.
Sigue sin agua la mitad del barrio, según un correo de la alcaldía.
Consulta popular o no, el canal se construirá, dijo el ministro.
Temas como la vivienda dividen al gobierno.
Más en concreto, faltan dos puentes.
Más sobre el terreno que en los despachos, así trabaja.
Por la tarde llegaron los bomberos
Por Navidad el puente estará abierto
Por la tarde llegaron los bomberos.
Nació el 3 de mayo de 1962.
Publicado en 1925, el libro vendió 300 ejemplares.
Con información de los satélites, los agricultores ahorran agua.
Comentarios hubo muchos, respuestas ninguna.
La publicidad de tabaco está prohibida.
Ver un comentario así en la pared le dolió.
Lea o no lea, el niño entiende.
Registrarse en el padrón cuesta una mañana entera.
Foto en mano, recorrió los bares del puerto.
""",
    "it": """
«Iscriviti a medicina», le diceva la nonna.
Per proseguire i lavori servono altri due milioni.
Per proseguire il viaggio bisogna aspettare l'alba.
Resta da capire chi abbia inviato la mail.
Resta aggiornata al 1961 la mappa delle frane, senza notifiche di nuovi crolli.
Segui il fiume e trovi il mulino, dicono qui.
Leggi ancora ferme in commissione, avverte il sindaco.
Di lì a poco arrivarono i pompieri.
È nata il 3 maggio 1962.
Pubblicato nel 1925, il romanzo fece scandalo.
Commenti non ne ha voluti fare.
La pubblicità del tabacco è vietata.
Foto alla mano, ha girato i bar del porto.
In evidenza sul tavolo c'era la pistola.
Le ultime case sono vuote.
""",
    "pt": """
«Assine aqui», disse o notário, e ela assinou.
Entre 2010 e 2015, o grupo fechou seis lojas.
Entre os detidos está o dono do canal.
Siga o rio e encontra o moinho, dizem os velhos.
Para ler mais depressa, ela tapava um olho.
Veja o caso da fábrica de tijolos.
Por Natal a ponte estará aberta
Por volta das dez, chegaram os bombeiros.
Nasceu a 3 de maio de 1962.
Comentários não faltaram na aldeia.
A publicidade ao tabaco é proibida.
Com informações dos satélites, os agricultores poupam água.
Mais sobre o terreno do que no gabinete, assim trabalha ela.
Há 3 anos que não chove.
""",
    "nl": """
„Lees ook de achterkant”, zei de ambtenaar.
Onderwerpen als wonen en zorg komen terug in het najaar.
Meer van hetzelfde, zegt de oppositie.
Meer uit noodzaak dan uit liefde bleef zij.
Dit verhaal is voor de rechter niet geloofwaardig.
Aanmelden kan tot vrijdag bij de gemeente.
Ontvangen werden zij met soep en droge sokken.
Zij is geboren op 3 mei 1962.
Door de storm en de vloed
Door de storm vielen drie bomen.
De advertentie kostte twee gulden.
Reacties kwamen er van alle kanten.
""",
    "pl": """
„Czytaj także między wierszami” – mawiała babcia.
Więcej z nich wyjechało niż zostało.
Więcej o sprawie będzie wiadomo w piątek.
Powiązane z mafią firmy straciły koncesję.
Tematy te wracają co roku.
Urodziła się 3 maja 1962 roku.
Komentarze były różne.
Reklama tytoniu jest zakazana.
Aby przeczytać list, musiała wyjść na światło.
Od tej pory pociąg kursuje codziennie.
Źródło rzeki wyschło w lipcu.
""",
    "ru": """
«Читайте больше книг», — говорила бабушка.
Ещё на двенадцати домах повреждены крыши.
Ещё больше людей осталось без света.
Также на месте работают спасатели.
Главное — успеть до зимы.
Темы обсуждали разные.
Об этом губернатор сообщил в Telegram-канале.
Об этом мэр написал в Telegram-канале в субботу утром.
Войти в здание спасателям не удалось.
Чтобы продолжить работу, музею нужны деньги.
Установите, кто поджёг склад, потребовал судья.
Присоединяйтесь или уходите, сказал им бригадир.
Она родилась 3 мая 1962 года.
Опубликовано в 1925 году, стихотворение сразу стало знаменитым.
Реклама табака запрещена.
Комментарии чиновников были краткими.
Источник в полиции подтвердил задержание.
По теме совещания никто не высказался.
""",
    "ar": """
سجل المنتخب هدفين في الشوط الأول من المباراة.
حمل الرجال أثاثهم فوق الشاحنات وغادروا القرية.
انضم اللاعب إلى النادي في الصيف الماضي.
اشترك في المؤتمر ثلاثون باحثا من عشر دول.
وقد اشترك في المؤتمر ثلاثون باحثا من عشر دول.
إضافة إلى دخل الفرد ارتفعت الأسعار أيضا.
المزيد من القوات وصلت إلى الحدود.
سجلت المحطة أمطارا غزيرة طوال الليل.
ذات صلة وثيقة بالعائلة، دافعت الجارة عنهم.
نشر الكتاب عام 1925 في العاصمة.
ولدت في 3 مايو 1962 في قرية صغيرة.
""",
    "zh": """
更多的居民选择留在家中等待消息。
更多人开始离开。
注册护士的人数连续三年下降。
登录月球的计划再次推迟。
订阅量下降了一半。
标签上写着生产日期。
分享面包是村里的老规矩。
广告费涨了一倍。
评论家对这部电影意见不一。
未经许可的集会被警方驱散。
本文由三章组成，是她最短的作品。
分享到的快乐是双倍的快乐。
她出生于1962年5月3日。
关注我们的人不多，她说。
""",
    "ja": """
購読者の数は三年続けて減少している。
登録された患者は三百人を超えた。
ログインの記録は残っていなかった。
メルマガは町の人々の楽しみだった。
彼女は1962年5月3日に生まれた。
広告費は倍になった。
コメントは得られなかった。
写真は壁一面に飾られていた。
""",
    "tr": """
Ayrıca üç kişi yaralandı.
Ayrıca iki köprü kapatıldı.
Daha fazla yardım gerekiyor.
Devamını okumadı, mektubu yaktı.
""",
    "fi": """
Tilaa on vielä sadalle asukkaalle, kunta kertoo.
""",
    "sv": """
Se mer av världen, sade hon till barnen.
Följ oss hem, sade den gamle.
""",
    "ko": """
구독 경제가 빠르게 성장하고 있다.
광고비가 두 배로 올랐다.
""",
    "el": """
Διαβάστηκε στη βουλή η επιστολή.
""",
}
"""Language → lines that must stay wherever they stand between paragraphs of a story."""

CASES = [(language, line) for language, lines in TEXT.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("language", "line"), CASES, ids=[f"{language}-{line[:40]}" for language, line in CASES])
def test_text_stays(language, line):
    host = language if language in {"de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ar", "zh", "ja"} else "en"
    for place in ("middle", "end"):
        found = fates(story(line, place, host))
        assert {text: rule for text, rule in found.items() if rule} == {}, place
