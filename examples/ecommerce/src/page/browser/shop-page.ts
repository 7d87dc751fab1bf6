import { addToBasket } from './basket.js';
import { element, say } from './elements.js';
import { onIdentity } from './identity.js';
import { orderFromBasket } from './order-form.js';
import { searchAsTyped } from './product-list.js';

orderFromBasket();
searchAsTyped((product) => {
  addToBasket(product);
  say(element('bdi', product.name), ' is in the basket.');
});
onIdentity(() => undefined);
