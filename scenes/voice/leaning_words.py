"""Small words by which a sentence is cut into subtitles, for each language that they are known of.

A line may begin with a conjunction or a preposition; it does not end with a word that leans on the next one.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CONJUNCTIONS = {
    "en": _set(
        """
        and but or nor because that which who whose so when if while as where than until unless though although then
        whether before after since how what why
        """
    ),
    "de": _set(
        """
        und aber oder denn weil dass der die das welche welcher welches wo wenn während als bis obwohl dann ob bevor
        nachdem seit wie was warum sondern damit sodass
        """
    ),
    "es": _set("y e pero o u ni porque que quien cuyo cuando si mientras como donde hasta aunque sino pues según"),
    "ar": _set("و ثم أو لكن لأن أن إن الذي التي الذين حين عندما إذا بينما كما حيث حتى بل كي"),
    "zh": _set("和 与 或 但 而 因 所 如 当 若 则 却 又 再 就 才 也 还"),
}
PREPOSITIONS = {
    "en": _set(
        """
        in on at to from with for by of into onto over under between through about against without inside across along
        around behind below above near towards is are was were has have does do can will would could should must may
        might
        """
    ),
    "de": _set(
        """
        in im an am auf zu zum zur von vom mit für durch über unter zwischen gegen ohne um bei beim aus nach vor hinter
        neben ist sind war waren hat haben kann können wird werden würde muss müssen soll darf
        """
    ),
    "es": _set(
        """
        en a al de del con para por sobre bajo entre contra sin hacia desde tras es son era eran está están ha han hay
        puede pueden debe deben será
        """
    ),
    "ar": _set("في من إلى على عن مع بين تحت فوق عند قبل بعد دون خلال هو هي كان كانت يكون تكون قد"),
    "zh": _set("在 从 把 被 让 用 对 向 给 由 是 有 会 能 要"),
}
# Words that lean on the next one.
WEAK = {
    "en": _set(
        """
        a an the this that these those my your his her its our their every each no any some such and but or nor
        because if so as than which who whose when while where until whether though although of in on at to from with
        for by into onto over under between through about against without inside across along around behind below
        above near towards is are was were be been has have had do does did can cannot will would could should must
        may might not very more most less i you he she it we they there let's it's that's we're you're i'm only just
        even how what why
        """
    ),
    "de": _set(
        """
        ein eine einen einem einer eines der die das den dem des dieser diese dieses diesen diesem jeder jede jedes
        jeden jedem kein keine keinen keinem keiner mein meine dein deine sein seine ihr ihre unser unsere unseren
        unserem unserer euer und aber oder denn weil dass wenn als ob wie wo in im an am auf zu zum zur von vom mit für
        durch über unter zwischen gegen ohne um bei beim aus nach vor hinter neben ist sind war waren nicht sehr mehr
        ich du er sie es wir man nur auch noch so
        """
    ),
    "es": _set(
        """
        un una unos unas el la los las lo este esta estos estas ese esa esos esas mi tu su nuestro nuestra nuestros
        nuestras cada ningún ninguna algún alguna y e pero o u ni porque si cuando como que de del en a al con para por
        sobre bajo entre contra sin hacia desde es son no muy más menos se me te nos le les solo sólo ya
        """
    ),
    "ar": _set(
        "في من إلى على عن مع بين تحت فوق عند قبل بعد دون لا لم لن ما هذا هذه ذلك تلك كل أي و ثم أو أن إن قد غير"
    ),
    "zh": _set("不 很 更 最 每 这 那 一 两 第 和 与 或 在 从 把 被 让 用 对 向 给 由 是"),
}
