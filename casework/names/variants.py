"""First names whose spellings differ by more than letters: each line is one name.

Made for this project from the forms that are usual in the region; nobody is meant by any.
"""

_LINES = """
mohammad muhammad mohammed muhammed mohamed mohamad mehmet mehmed mohd md محمد мухаммад магомед
aleksandr aleksandar alexander alexandr oleksandr александр александар олександр
aleksandra alexandra oleksandra александра олександра
aleksei alexei alexey aleksey oleksii oleksiy алексей олексій
nikolai nikolay nikolaj mykola mikola николай микола
elena yelena jelena olena helena елена олена јелена
evgeny evgenii evgeniy yevgeny yevgeni yevhen yevhenii ievgen євген евгений
evgeniya yevgeniya yevheniya yevheniia євгенія евгения
oleg oleh олег
igor ihor ihar игорь ігор
olga olha olya ольга
galina halyna halina галина
anna hanna ganna анна ганна
sergei sergey sergej serhii serhiy sergii сергей сергій сергеј
dmitry dmitri dmitrii dmitriy dmytro дмитрий дмитро
vladimir volodymyr владимир володимир
andrei andrey andrej andrii andriy андрей андрій андреј
mikhail mikhailo mykhailo mihail mihailo михаил михайло
ekaterina yekaterina jekaterina kateryna katerina екатерина катерина
natalia natalya natalija nataliia natalka наталья наталія наталија
bohdan bogdan богдан
grigory grigorii hryhorii hryhoriy григорий григорій
pavel pavlo павел павло
petr pyotr petro пётр петр петро
daria darya darija дарья дарія дарија
tatiana tatyana tetiana tetyana татьяна тетяна
yulia yuliya julia julija iuliia юлия юлія јулија
daud dawud davud davood dawood daoud david داود داوود
ramadan ramazan ramadhan rmdan رمضان
reza rida riza ridha رضا
fazl fadl fazel fadel فضل
murtaza murtada morteza mortaza mortada مرتضی
"""

VARIANTS = {
    name: f"={line.split()[0]}" for line in _LINES.strip().split("\n") for name in line.split()
}
