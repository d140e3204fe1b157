"""What every stand-in photograph begins with."""

from .figures import cloud, person
from .picture import Picture

W, H = 480, 360


def photo():
    return Picture(W, H, themed=False)


def skyline(p, base, height=H):
    p.rect(0, 0, W, height, "sky")
    cloud(p, 60, 70)
    cloud(p, 320, 110, 0.8)
    p.path(f"M0 {base}Q120 {base - 60} 240 {base - 30}T480 {base - 46}V{height}H0z", "hill")


def worker(p, x, y, scale, helmet="white", coat="orange", **pose):
    person(p, x, y, scale=scale, helmet=helmet, coat=coat, **pose)
